"""Words and pictures: the only place that formats for people, and the JSON documents for machines."""
