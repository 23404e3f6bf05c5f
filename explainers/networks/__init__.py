"""Small networks that explainers show: their models, the scripts that train and measure them, and the results."""
