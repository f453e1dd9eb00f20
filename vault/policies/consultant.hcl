# Works on the onboarding path, which lives in the database: nothing else of the safe yet, beyond
# what everyone has (their own token and identity).

# A login of one's own to the team's database, for an hour.
path "database/creds/consultant" {
  capabilities = ["read"]
}
