"""The inner loops, compiled by Numba: plain arrays, plain loops, changed in place. Only a worker imports this folder.

They are compiled at their first call and kept beside their source; `warm` calls each once, when a worker starts.
"""
