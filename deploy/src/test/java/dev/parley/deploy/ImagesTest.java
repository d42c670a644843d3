package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images promise, as their Dockerfiles say it; no engine is asked. */
class ImagesTest {
    private static final Pattern VARIABLE = Pattern.compile("(?m)^ENV (\\w+)=");
    private static final Pattern USER = Pattern.compile("(?m)^USER (.*)$");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void noVariableIsTakenForASetting(String name) throws IOException {
        assertThat(matches(VARIABLE, read(name))).noneMatch(variable -> variable.matches("(PARLEY|QUARKUS)_.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void theUserIsANumberThatIsNotRoot(String name) throws IOException {
        assertThat(matches(USER, read(name))).singleElement().asString().matches("[1-9]\\d*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void onlyWhatTheImageIsMadeOfIsSentToTheEngine(String name) throws IOException {
        List<String> sent = read(name + ".dockerignore")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(sent).first().isEqualTo("*");
        assertThat(matches(Pattern.compile("(?m)^COPY (?:--chmod=\\S+ )?(server/target/[^/ ]+)"), read(name)))
                .isNotEmpty()
                .allSatisfy(copied -> assertThat(sent).contains("!" + copied));
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String read(String name) throws IOException {
        return Files.readString(Path.of("docker", name));
    }
}
