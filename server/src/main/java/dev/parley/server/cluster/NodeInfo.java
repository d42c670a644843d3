package dev.parley.server.cluster;

/**
 * One living instance.
 *
 * @param node its id
 * @param connections how many connections it held when it was last heard of
 * @param since when the process started, milliseconds since 1970
 * @param version its build
 */
public record NodeInfo(String node, int connections, long since, String version) {}
