package dev.parley.load;

import java.nio.file.Path;
import java.util.List;

/**
 * How the whole comparison is run.
 *
 * @param app the directory of the packaged server's {@code quarkus-run.jar}
 * @param scratch where peers were built, and logs are written
 * @param runs how often each is measured, in turn with the others
 * @param warmUp seconds before the first measurement of a server; later ones take a quarter of it
 * @param seconds seconds of each measurement
 * @param serverCore where servers run; negative for anywhere
 * @param divisor by which numbers of connections and groups are divided, for a quick look
 */
record Setting(Path app, Path scratch, int runs, double warmUp, double seconds, int serverCore, int divisor) {

    /** A number of connections or groups, divided but never below ten; what is lower already stays. */
    int scaled(int number) {
        return Math.min(number, Math.max(10, number / divisor / 2 * 2));
    }

    /** The command of a packaged Parley; that limits are out of the way of one generator, the environment says (the scripts beside this set it). */
    List<String> parley(List<String> more) {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        String options = System.getenv().getOrDefault("SERVER_OPTS", "-Xms512m -Xmx2g -XX:+UseG1GC");
        command.addAll(List.of(options.trim().split("\\s+")));
        command.addAll(List.of(
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port={port}",
                "-Dparley.guests.enabled=true",
                "-Dparley.guests.secret=of the comparison, the same on all instances"));
        command.addAll(more);
        command.addAll(List.of("-jar", app.resolve("quarkus-run.jar").toString()));
        return command;
    }
}
