"""From rendered clips to things a lecturer drops in: pages, players, slides, notebooks.

`clip` reads a rendered clip's folder; `media` derives lighter files from its video; a module per target
(`html`, `gallery`, `powerpoint` …) writes one folder; `press` builds all folders aside and swaps them in.
Only folders are read, so a clip of anybody's scene is published like one of ours.
"""
