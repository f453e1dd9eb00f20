"""The server's audit log held against the register: was anything signed that is not in it?

The register can prove what stands in it, never that nothing is missing. The log has every
signature that the safe made, and so what somebody made past opskit (ADR 0022).
"""
