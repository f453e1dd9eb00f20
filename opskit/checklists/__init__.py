"""The checklist engine: versioned templates, runs, steps that wait for each other and check
themselves. It knows neither patches nor consultants: a run has a kind and an opaque subject.
"""
