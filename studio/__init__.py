"""From a scene to files: clips, workers, video, captions, contact sheets. Knows no explainer by name."""
