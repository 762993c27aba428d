"""When deployments run that run by themselves; `prefect.yaml` says the same."""

#: When `daily` runs: the papers of the morning are out.
CRON, TIMEZONE = "30 6 * * *", "Asia/Shanghai"
#: When `freshness` does: they should be in the tables.
NOON = "5 12 * * *"
