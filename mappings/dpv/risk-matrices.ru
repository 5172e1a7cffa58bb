# The risk matrices of the Data Privacy Vocabulary (3, 5 and 7 steps) as matrices of ours, by which risks can be rated:
# load DPV's file on risk, then `aimsgraph update risk-matrices.ru`. A cell keeps its IRI, so does the matrix.
# DPV has seven levels and we have five: its extremes become our very low and very high.

PREFIX dpv-risk: <https://w3id.org/dpv/risk#>

INSERT {
  ?matrix a aims:RiskMatrix ; aims:matrixSteps ?steps ; rdfs:label ?name .
  ?cell a aims:MatrixCell ; aims:cellOf ?matrix ; aims:ordinalLikelihood ?likelihood ; aims:ordinalSeverity ?severity ;
    aims:givesLevel ?level ; rdfs:label ?label .
}
WHERE {
  ?cell skos:broader ?matrix ; dpv:hasRiskLevel ?theirs ; skos:prefLabel ?label .
  ?matrix skos:broader dpv-risk:RiskMatrix ; skos:prefLabel ?name .
  VALUES (?theirs ?level) {
    (dpv-risk:ExtremelyLowRisk aims:LevelVeryLow)
    (dpv-risk:VeryLowRisk aims:LevelVeryLow)
    (dpv-risk:LowRisk aims:LevelLow)
    (dpv-risk:ModerateRisk aims:LevelMedium)
    (dpv-risk:HighRisk aims:LevelHigh)
    (dpv-risk:VeryHighRisk aims:LevelVeryHigh)
    (dpv-risk:ExtremelyHighRisk aims:LevelVeryHigh)
  }
  # A cell is named by its place: RM3x3S1L2.
  BIND(xsd:integer(REPLACE(STR(?cell), "^.*#RM[0-9]x[0-9]S([0-9])L([0-9])$", "$1")) AS ?severity)
  BIND(xsd:integer(REPLACE(STR(?cell), "^.*#RM[0-9]x[0-9]S([0-9])L([0-9])$", "$2")) AS ?likelihood)
  BIND(xsd:integer(REPLACE(STR(?matrix), "^.*#RiskMatrix([0-9]+)x[0-9]+$", "$1")) AS ?steps)
}
