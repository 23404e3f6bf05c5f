"""From a saved file to the picture in the browser: how a change travels.

1. `watch` hears of the save and tells the `desk`, which knows what every open page looks at and which files that
   picture came from. Pages that it concerns get a new run; a run that is still going for them is ended.
2. `template` is a process that has imported Manim and the stage once, but no explainer and no scene. For each run it
   forks a child, in a process group and a temporary folder of its own: so code is always read anew, and what a scene
   does (crash, loop for ever, fill its folder) ends with the child.
3. The child carries out one of `tasks`. To draw, it passes over the story up to the beat that is looked at, which
   takes a fraction of a second, and sends the one frame that is on the screen; then it films this beat, the beats
   after it, and those before it (`draft`). What the engine's store has already is not drawn.
4. Whatever the child has to say goes through a socket of its own (`wire`) to the `desk`, and from there as
   server-sent events to the page. Pictures and beats stay in memory: nothing is served from the disk but posters.

`server` is the web application, `guard` decides who may talk to it. The server never imports an explainer or a scene.
"""
