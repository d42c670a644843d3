package dev.parley.server.packaging;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What static initialisers do, which in a native executable happened while it was built: nothing there may belong to one process or one machine (random
 * numbers, clocks, threads, sockets, the environment), except in classes that are said to be initialised at run time.
 */
class StaticStateTest {
    private static final String OWN = "dev.parley.";
    private static final String ARGUMENTS = "/META-INF/native-image/dev.parley/parley-server/native-image.properties";
    private static final String AT_RUN_TIME = "--initialize-at-run-time=";

    /** Owners none of whose constructors and methods belong into an executable's image. */
    private static final Set<String> OF_A_PROCESS = Set.of(
            "java.lang.ProcessHandle",
            "java.lang.Thread",
            "java.lang.Runtime",
            "java.net.InetAddress",
            "java.net.NetworkInterface",
            "java.net.ServerSocket",
            "java.net.Socket",
            "java.net.http.HttpClient",
            "java.nio.ByteBuffer",
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.util.UUID",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ThreadLocalRandom",
            "io.netty.buffer.Unpooled");

    private static final Set<String> OF_THE_SYSTEM =
            Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty", "getProperties");

    private static final Set<String> CLOCKS = Set.of("java.time.Instant", "java.time.Clock", "java.time.LocalDate");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.parley");

    @Test
    void nothingOfAProcessIsInTheImageOfAnExecutable() throws IOException {
        Map<String, Set<String>> found = found();

        assertThat(found.keySet())
                .as(
                        "classes with static state of a process, and those said to be initialised at run time; found: %s",
                        found)
                .isEqualTo(initializedAtRunTime());
    }

    @Test
    void theSearchSeesThroughOwnMethods() {
        JavaClass sample = new ClassFileImporter().importClasses(Sample.class).get(Sample.class);

        assertThat(ofAProcess(sample))
                .containsExactlyInAnyOrder("java.security.SecureRandom.<init>", "java.lang.System.nanoTime");
    }

    /** Has what must be found, one call away and behind a lambda. */
    private static final class Sample {
        static final long STARTED = indirectly();
        static final SecureRandom RANDOM = new SecureRandom();

        private static long indirectly() {
            return Stream.of(1L).mapToLong(one -> one + System.nanoTime()).sum();
        }
    }

    private Map<String, Set<String>> found() {
        return classes.stream()
                .filter(type -> !type.getPackageName().startsWith("dev.parley.client"))
                .filter(type -> !ofAProcess(type).isEmpty())
                .collect(toMap(JavaClass::getName, StaticStateTest::ofAProcess));
    }

    /** What the static initialiser calls, by itself or through code of ours, that belongs to a process. */
    private static Set<String> ofAProcess(JavaClass type) {
        Deque<JavaCodeUnit> open =
                new ArrayDeque<>(type.getStaticInitializer().stream().toList());
        Set<String> seen = new HashSet<>();
        Set<String> calls = new TreeSet<>();
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.remove();
            if (!seen.add(unit.getFullName())) {
                continue;
            }
            unit.getCallsFromSelf().forEach(call -> {
                AccessTarget.CodeUnitCallTarget target = call.getTarget();
                String owner = target.getOwner().getName();
                if (isOfAProcess(owner, target.getName())) {
                    calls.add(owner + "." + target.getName());
                }
                if (owner.startsWith(OWN)) {
                    target.resolveMember().stream()
                            .filter(JavaCodeUnit.class::isInstance)
                            .map(JavaCodeUnit.class::cast)
                            .forEach(open::add);
                }
            });
        }
        return calls;
    }

    private static boolean isOfAProcess(String owner, String method) {
        return OF_A_PROCESS.contains(owner)
                || owner.equals("java.lang.System") && OF_THE_SYSTEM.contains(method)
                || CLOCKS.contains(owner) && method.equals("now");
    }

    private static Set<String> initializedAtRunTime() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(StaticStateTest.class.getResourceAsStream(ARGUMENTS))) {
            properties.load(in);
        }
        return Arrays.stream(properties.getProperty("Args").split(" "))
                .filter(argument -> argument.startsWith(AT_RUN_TIME))
                .flatMap(argument ->
                        Arrays.stream(argument.substring(AT_RUN_TIME.length()).split(",")))
                .collect(toSet());
    }
}
