"""The stages of the pipeline, each a package of pure functions that import no orchestrator."""

from tasks import compiled

compiled.install()
