"""Drawing on an existing Dask cluster; what happens besides drawing is as in a local render.

1. `plan.PlanningCrew`, in the clip's own process here, tells the story without drawing. What the store has already
   is left alone; the other slices, and a `bundle` of the user's own files, go to the client as a plan.
2. `client.Cluster` deals the plan as Dask tasks, each a few consecutive slices of one clip, after `versions` has
   compared what the workers would draw with.
3. `task.draw` runs in a Dask worker. It keeps a process, `performer`, that tells the same story up to its slices,
   draws them as the local engine does, and waits there for later ones of the same clip.
4. The client checks what comes back (`segment.verify`), keeps it in the store under the name that a local render
   gives it, and tells the planning crew, whose process joins the clip when all is there.

Nothing is shared but the scheduler's address. Only `client` and `task` import `distributed`.
"""
