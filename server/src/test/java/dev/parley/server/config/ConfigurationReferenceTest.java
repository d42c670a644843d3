package dev.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/configuration.md} true to {@link ParleyConfig}; with {@code -Dparley.docs.update=true} by rewriting it. */
class ConfigurationReferenceTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/parley/server/config/ParleyConfig.java");
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- From here on generated from ParleyConfig.java and Bounds.java. -->\n\n";
    private static final String HOW = "docs/configuration.md is out of date. Rewrite it with:"
            + " ./mvnw test -pl server -am -Dtest=ConfigurationReferenceTest -Dparley.docs.update=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void thePageSaysWhatTheSourceSays() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN);
        String current = page.substring(0, page.indexOf(BEGIN)) + BEGIN + ConfigurationReference.of(SOURCE) + "\n";
        if (Boolean.getBoolean("parley.docs.update")) {
            Files.writeString(PAGE, current);
        } else {
            assertThat(page).withFailMessage(HOW).isEqualTo(current);
        }
    }

    /** The names that the running server takes, held against the page: the source is read by a parser of our own. */
    @Test
    void thePageHasEveryPropertyThatTheServerTakes() throws IOException {
        String reference = ConfigurationReference.of(SOURCE);

        var taken = ConfigMappings.getProperties(ConfigClass.configClass(ParleyConfig.class)).entrySet().stream()
                .filter(property ->
                        property.getValue().isLeaf() || property.getValue().isPrimitive())
                .map(property -> property.getKey().replace(".*", ".\"<name>\"").replace("[*]", ""))
                .distinct()
                .toList();

        assertThat(taken)
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(reference).contains("| `" + name + "`<br>"));
    }
}
