package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Holds the bills of materials against the licences that we may pass on, and leaves {@code target/licences.md}. What has several may be taken by any of them. When it fails: read
 * the licence, and name it in here if it lets an Apache-2.0 work contain it; or do without the dependency.
 */
class LicencesIT {
    private static final Path SERVER = Path.of("target", "bom.json");
    private static final Path FRONTEND = Path.of("..", "frontend", "target", "bom.json");
    private static final Path REPORT = Path.of("target", "licences.md");

    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-1.0", "EPL-2.0", "MIT", "MIT-0", "0BSD");

    /** What some POMs call them. */
    private static final Map<String, String> NAMES = Map.of(
            "Public Domain, per Creative Commons CC0", "CC0-1.0",
            "Apache License, Version 2.0", "Apache-2.0",
            "The Apache License, Version 2.0", "Apache-2.0",
            "The Apache Software License, Version 2.0", "Apache-2.0",
            "Apache License 2.0", "Apache-2.0",
            "BSD-2-Clause", "BSD-2-Clause",
            "Eclipse Distribution License - v 1.0", "BSD-3-Clause",
            "Eclipse Public License v. 2.0", "EPL-2.0",
            "MIT License", "MIT");

    private record Component(String name, String version, Set<String> licences) {}

    @Test
    void everythingInThePackageHasALicenceThatMayBePassedOn() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(SERVER) && Files.exists(FRONTEND), "no bill of materials: packaged with -Dquick");
        List<Component> components = new ArrayList<>();
        components.addAll(components(SERVER));
        components.addAll(components(FRONTEND));

        Files.writeString(REPORT, report(components));
        assertThat(components)
                .filteredOn(each -> each.licences.stream().noneMatch(ALLOWED::contains))
                .as("what has no licence that LicencesIT allows")
                .isEmpty();
    }

    /** A bill that lacks what is there would pass whatever it should name. */
    @Test
    void theBillsNameWhatIsInThePackage() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(SERVER) && Files.exists(FRONTEND), "no bill of materials: packaged with -Dquick");
        Set<String> named = new TreeSet<>();
        components(SERVER).forEach(each -> named.add(each.name + "-" + each.version));
        try (Stream<Path> jars = Files.list(Path.of("target", "quarkus-app", "lib", "main"))) {
            List<String> missing = jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> !jar.startsWith("dev.parley."))
                    .filter(jar -> named.stream().noneMatch(component -> isOf(jar, component)))
                    .toList();
            assertThat(missing).isEmpty();
        }
        Set<String> modules = new TreeSet<>();
        components(FRONTEND).forEach(each -> modules.add(each.name.substring(each.name.lastIndexOf('.') + 1)));
        assertThat(modules).anyMatch(name -> name.contains("lit")).anyMatch(name -> name.contains("marked"));
    }

    /** Jars are named by group, artifact, version and maybe a classifier. */
    private static boolean isOf(String jar, String component) {
        return jar.startsWith(component + ".jar") || jar.startsWith(component + "-");
    }

    private static List<Component> components(Path bill) throws IOException {
        return new JsonObject(Files.readString(bill))
                .getJsonArray("components").stream()
                        .map(JsonObject.class::cast)
                        .filter(each -> !"dev.parley".equals(each.getString("group")))
                        .map(LicencesIT::component)
                        .toList();
    }

    private static Component component(JsonObject json) {
        Set<String> licences = new TreeSet<>();
        for (Object each : json.getJsonArray("licenses", new JsonArray())) {
            JsonObject choice = (JsonObject) each;
            if (choice.containsKey("expression")) {
                licences.addAll(List.of(choice.getString("expression").split(" OR ")));
            } else {
                JsonObject licence = choice.getJsonObject("license");
                String name = licence.getString("id", licence.getString("name"));
                licences.add(NAMES.getOrDefault(name, name));
            }
        }
        return new Component(
                json.getString("group") + "." + json.getString("name"), json.getString("version"), licences);
    }

    private static String report(List<Component> components) {
        Map<String, String> lines = new TreeMap<>();
        for (Component each : components) {
            lines.put(
                    each.name,
                    "| " + each.name + " | " + each.version + " | " + String.join(" or ", each.licences) + " |");
        }
        return "| component | version | licence |\n| --- | --- | --- |\n" + String.join("\n", lines.values()) + "\n";
    }
}
