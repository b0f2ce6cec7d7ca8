"""planning.data.gov.uk."""

from connectors.planning_data.client import PlanningDataPlanning

__all__ = ["PlanningDataPlanning"]
