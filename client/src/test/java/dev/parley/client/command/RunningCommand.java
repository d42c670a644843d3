package dev.parley.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code parley} in a process: its lines as they come, its input, its exit code. */
final class RunningCommand implements AutoCloseable {
    private static final String END = "\0";

    private final Process process;
    private final BlockingQueue<String> out;
    private final BlockingQueue<String> err;
    private final BufferedWriter input;

    RunningCommand(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", System.getProperty("parley.jar")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_") || name.equals("JAVA_TOOL_OPTIONS"));
        process = builder.start();
        out = lines(process.getInputStream());
        err = lines(process.getErrorStream());
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    private static BlockingQueue<String> lines(InputStream from) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reading = new Thread(
                () -> {
                    try (var reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | java.io.UncheckedIOException e) {
                        // the process ended
                    }
                    lines.add(END);
                },
                "command-lines");
        reading.setDaemon(true);
        reading.start();
        return lines;
    }

    /** The next line of standard output. */
    String out() throws InterruptedException {
        return next(out);
    }

    /** The next line of standard error. */
    String err() throws InterruptedException {
        return next(err);
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        String line = lines.poll(20, TimeUnit.SECONDS);
        assertThat(line).as("a line").isNotNull().isNotEqualTo(END);
        return line;
    }

    /** Types a line. */
    RunningCommand type(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
        return this;
    }

    /** Ctrl-D. */
    RunningCommand endInput() throws IOException {
        input.close();
        return this;
    }

    /** Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the command ends").isTrue();
        return process.exitValue();
    }

    /** What is left of standard output once the command has ended. */
    String restOfOut() throws InterruptedException {
        return rest(out);
    }

    /** What is left of standard error once the command has ended. */
    String restOfErr() throws InterruptedException {
        return rest(err);
    }

    private String rest(BlockingQueue<String> lines) throws InterruptedException {
        StringBuilder rest = new StringBuilder();
        String line = lines.poll(20, TimeUnit.SECONDS);
        while (line != null && !line.equals(END)) {
            rest.append(line).append('\n');
            line = lines.poll(20, TimeUnit.SECONDS);
        }
        return rest.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
