/**
 * Attackers who say what no decent client says, to a packaged server that runs as it would for others: mutated frames, WebSocket framing, upgrades, HTTP requests, streams and
 * HTTP/2, while a pair of good citizens goes on talking. Whatever comes, nobody else may notice, and nothing may stay behind.
 */
package dev.parley.server.fuzz;
