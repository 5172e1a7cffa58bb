"""aimsgraph: risk and traceability over the knowledge graph of an AI management system (ISO/IEC 42001)."""
