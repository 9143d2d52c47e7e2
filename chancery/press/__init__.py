"""Press centre and public portal: releases with their sources, public pages, feeds, rates, popular items."""
