"""Looks at a clip the way a careful viewer would, and says what is wrong with it.

`watch` plays a scene without encoding it, `still` and `motion` hold what was seen, each rule judges that,
`run` brings them together, `report` and `outline` tell the result. `RULES` in `rules` lists all rules.
"""
