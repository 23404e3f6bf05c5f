"""From `play` to the file: how a frame travels.

1. `renderer.SliceRenderer` takes Manim's place when a scene calls `play`. It counts the play's frames, and
   `slices.Cutter` says which slice of the clip each of them belongs to (a slice is one and a half to three seconds).
2. `crew.Crew` says who draws a slice: nobody, because the store has it already; a child process, forked here and
   now with the scene as it stands; this process; or, for `studio.cluster`, other machines. Whoever does not draw a
   slice only brings the scene to its end: in one jump where that is exact, else by stepping through its frames.
3. Who draws it steps the scene frame by frame. `painter.Painter` turns the mobjects into a display list
   (`display.Item`), compares it with the list of the frame before, and redraws what differs, where it differs.
4. `recorder.Recorder` converts the changed part of the picture to what the codec wants, encodes the frame, and at
   the end of the slice puts the coded segment into `store.Store` under the digest of all that was shown.
5. When the story has been told, `join.join` copies the segments one after another into the final file.

A slice depends only on where it begins, never on who draws it: the frames are the same for any number of jobs.
"""
