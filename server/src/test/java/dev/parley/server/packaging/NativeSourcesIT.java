package dev.parley.server.packaging;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.server.config.ParleyConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the build hands to GraalVM ({@code target/native-sources}, made by {@code verify} without one): everything that the server looks up by name at run
 * time is registered there. It stands in for the executable where none can be built, and does not replace the other tests run with
 * {@code -Dparley.artifact=native} where one can.
 */
class NativeSourcesIT {
    private static final Path SOURCES = Path.of("target", "native-sources");
    private static final String OWN = "META-INF/native-image/dev.parley/parley-server/";
    private static final String PAGES = "META-INF/resources/";

    private static Set<String> files;
    private static JsonArray reflection;
    private static JsonArray patterns;
    private static JsonObject own;

    @BeforeAll
    static void readTheJar() throws IOException {
        try (Stream<Path> all = Files.list(SOURCES);
                JarFile jar = new JarFile(all.filter(file -> file.toString().endsWith("-runner.jar"))
                        .findFirst()
                        .map(Path::toFile)
                        .orElseThrow())) {
            files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .collect(toSet());
            reflection = new JsonArray(text(jar, "META-INF/native-image/reflect-config.json"));
            patterns = new JsonObject(text(jar, "META-INF/native-image/resource-config.json"))
                    .getJsonObject("resources")
                    .getJsonArray("includes");
            own = new JsonObject(text(jar, OWN + "reachability-metadata.json"));
        }
    }

    @Test
    void everyScriptForRedisIsInTheExecutable() {
        List<String> scripts =
                files.stream().filter(file -> file.endsWith(".lua")).toList();

        assertThat(scripts).hasSizeGreaterThan(10).allMatch(NativeSourcesIT::isIncluded);
    }

    @Test
    void everyPageIsInTheExecutable() throws IOException {
        List<String> pages = pagesOfTheFrontend();

        assertThat(pages)
                .contains(PAGES + "index.html", PAGES + "live/index.html")
                .allMatch(NativeSourcesIT::isIncluded);
    }

    @Test
    void theDescriptionOfTheApiIsInTheExecutable() {
        assertThat(List.of("JSON", "YAML"))
                .allMatch(kind -> isIncluded("META-INF/quarkus-generated-openapi-doc." + kind));
    }

    @Test
    void settingsCanBeRead() {
        Set<String> groups = Stream.concat(
                        Stream.of(ParleyConfig.class), Stream.of(ParleyConfig.class.getDeclaredClasses()))
                .filter(Class::isInterface)
                .map(group -> group.getName() + "$$CMImpl")
                .collect(toSet());

        assertThat(registered()).containsAll(groups);
    }

    @Test
    void theGateOfTheApiSeesTheAnnotationsOfMethods() {
        Set<String> resources = files.stream()
                .filter(file -> file.matches("dev/parley/server/api/[A-Za-z]+Resource\\.class"))
                .map(file -> file.replace('/', '.').replace(".class", ""))
                .collect(toSet());

        assertThat(resources).hasSizeGreaterThan(5);
        assertThat(reflection.stream()
                        .map(JsonObject.class::cast)
                        .filter(type -> type.getBoolean("allDeclaredMethods", false))
                        .map(type -> type.getString("name")))
                .containsAll(resources);
    }

    /** The exporter finds its HTTP client by {@link java.util.ServiceLoader}, which executables of Quarkus do not follow by themselves. */
    @Test
    void spansCanBeSent() throws IOException {
        String service = "META-INF/services/io.opentelemetry.exporter.internal.http.HttpSenderProvider";
        String provider = own.getJsonArray("reflection").stream()
                .map(entry -> ((JsonObject) entry).getValue("type").toString())
                .filter(type -> type.startsWith("io.opentelemetry"))
                .findFirst()
                .orElseThrow();

        assertThat(isIncluded(service)).isTrue();
        try (InputStream named = NativeSourcesIT.class.getResourceAsStream("/" + service)) {
            assertThat(new String(named.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(provider);
        }
    }

    /** One more place that looks up a class or a member by name needs its registration, and then its line here. */
    @Test
    void ownCodeReflectsOnlyWhereItIsRegistered() {
        Set<String> lookups =
                Set.of("forName", "getConstructor", "getDeclaredConstructor", "getMethod", "getDeclaredMethod");
        Set<String> places = new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.parley.protocol", "dev.parley.server")
                        .stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> isLookup(call, lookups))
                        .map(call -> call.getOriginOwner().getSimpleName())
                        .collect(toSet());

        assertThat(places).containsExactly("Termination");
        assertThat(own.getJsonArray("reflection").encode())
                .contains("\"sun.misc.Signal\"", "<init>", "handle", "{\"proxy\":[\"sun.misc.SignalHandler\"]}");
    }

    @Test
    void theOwnMetadataNamesOnlyWhatExists() throws Exception {
        for (Object each : own.getJsonArray("reflection")) {
            JsonObject entry = (JsonObject) each;
            if (!(entry.getValue("type") instanceof String name)) {
                continue;
            }
            Class<?> type = Class.forName(name);
            for (Object member : entry.getJsonArray("methods", new JsonArray())) {
                JsonObject method = (JsonObject) member;
                Class<?>[] parameters = method.getJsonArray("parameterTypes").stream()
                        .map(parameter -> load((String) parameter))
                        .toArray(Class<?>[]::new);
                if (method.getString("name").equals("<init>")) {
                    assertThat(type.getConstructor(parameters)).isNotNull();
                } else {
                    assertThat(type.getMethod(method.getString("name"), parameters))
                            .isNotNull();
                }
            }
        }
    }

    private static boolean isLookup(JavaAccess<?> call, Set<String> lookups) {
        String owner = call.getTargetOwner().getName();
        return lookups.contains(call.getTarget().getName())
                        && (owner.equals("java.lang.Class") || owner.equals("java.lang.ClassLoader"))
                || owner.equals("java.util.ServiceLoader")
                || owner.equals("java.lang.reflect.Proxy");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> registered() {
        return reflection.stream()
                .map(JsonObject.class::cast)
                .map(type -> type.getString("name"))
                .collect(toSet());
    }

    private static boolean isIncluded(String file) {
        boolean ours = own.getJsonArray("resources").stream()
                .map(resource -> ((JsonObject) resource).getString("glob"))
                .anyMatch(glob -> file.matches(expressionOf(glob)));
        return ours
                || patterns.stream()
                        .map(pattern -> ((JsonObject) pattern).getString("pattern"))
                        .anyMatch(pattern -> Pattern.matches(pattern, file));
    }

    /** GraalVM's globs: {@code **} is any number of folders, {@code *} a part of a name. */
    private static String expressionOf(String glob) {
        return Stream.of(glob.split("/"))
                .map(part -> part.equals("**")
                        ? "(?:[^/]+/)*"
                        : Stream.of(part.split("\\*", -1))
                                        .map(Pattern::quote)
                                        .reduce((a, b) -> a + "[^/]*" + b)
                                        .orElse("")
                                + "/")
                .reduce("", String::concat)
                .replaceFirst("/$", "");
    }

    private static List<String> pagesOfTheFrontend() throws IOException {
        Set<String> pages = new HashSet<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!part.contains("frontend")) {
                continue;
            }
            Path path = Path.of(part);
            if (Files.isDirectory(path)) {
                try (Stream<Path> below = Files.walk(path.resolve(PAGES))) {
                    below.filter(Files::isRegularFile)
                            .map(file -> path.relativize(file).toString())
                            .forEach(pages::add);
                }
            } else {
                try (JarFile jar = new JarFile(path.toFile())) {
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith(PAGES) && !name.endsWith("/"))
                            .forEach(pages::add);
                }
            }
        }
        return List.copyOf(pages);
    }

    private static String text(JarFile jar, String entry) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
