"""Re-checks the addresses that customers are given. Reports; changes nothing by itself."""
