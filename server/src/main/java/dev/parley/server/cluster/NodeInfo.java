package dev.parley.server.cluster;

/**
 * One living instance.
 *
 * @param node its id
 * @param connections how many connections it held when it was last heard of
 * @param since when the process started, milliseconds since 1970
 * @param version its build
 */
public record NodeInfo(String node, int connections, long since, String version) {

    /** A node that is listed, but of which nothing was heard yet. */
    static NodeInfo unheard(String node) {
        return new NodeInfo(node, 0, 0, "");
    }

    /** What a lease says. */
    String lease() {
        return connections + " " + since + " " + version;
    }

    /** Reads what {@link #lease} wrote; what an unknown build wrote otherwise is taken for nothing heard. */
    static NodeInfo ofLease(String node, String lease) {
        String[] parts = lease.split(" ", 3);
        try {
            return new NodeInfo(node, Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException another) {
            return unheard(node);
        }
    }
}
