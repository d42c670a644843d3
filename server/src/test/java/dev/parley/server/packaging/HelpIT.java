package dev.parley.server.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged server, asked on the command line. */
@Timeout(60)
class HelpIT {
    private static final Path REFERENCE = Path.of("../docs/configuration.md");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^ +(parley\\.[a-z.-]+)=");

    private record Said(int status, String text) {}

    @Test
    void helpNamesSettingsThatThereAreAndStartsNothing() throws Exception {
        Said said = run("--help");

        List<String> named = PROPERTY.matcher(said.text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        String reference = Files.readString(REFERENCE);
        assertThat(said.status).isZero();
        assertThat(said.text).doesNotContain("Listening on");
        assertThat(named).hasSizeGreaterThan(7).allMatch(name -> reference.contains("| `" + name + "`<br>"));
    }

    @Test
    void anOptionThatThereIsNotStopsTheStart() throws Exception {
        Said said = run("--port=80");

        assertThat(said.status).isEqualTo(2);
        assertThat(said.text).contains("There is no option --port=80").hasLineCount(1);
    }

    private static Said run(String argument) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Artifact.chosen().command(List.of(), List.of()));
        command.add(argument);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM tells of them in a line of its own
        Process server = builder.start();
        try {
            String text = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(server.waitFor(), text);
        } finally {
            server.destroyForcibly();
        }
    }
}
