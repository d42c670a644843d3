package dev.parley.server.faults;

import static net.bytebuddy.matcher.ElementMatchers.any;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;

import dev.parley.server.testing.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.utility.OpenedClassReader;
import org.junit.jupiter.api.Assumptions;

/**
 * Builds the agent that can break a server and set its clock, and is its entry in the server's process. A test's thread calls {@link #load} while a hub starts its servers.
 */
public final class SabotageAgent {
    private static final List<Class<?>> CLASSES = Stream.concat(
                    Stream.of(SabotageAgent.class, FakeTime.class, Sabotage.class, Broken.class, Breaks.class),
                    Stream.of(Breaks.class.getDeclaredClasses()))
            .toList();

    private static final String BROKEN = Broken.class.getName().replace('.', '/');

    private SabotageAgent() {}

    /** Built once for each JVM of tests, in a directory that goes with it. */
    private static final class Built {
        static final Path DIRECTORY = build();

        private static Path build() {
            try {
                Path directory = Files.createTempDirectory("parley-sabotage");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
                Files.createDirectory(armed(directory));
                write(jar(directory));
                System.setProperty(Sabotage.DIRECTORY, armed(directory).toString());
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Path jar(Path directory) {
            return directory.resolve("agent.jar");
        }

        static Path armed(Path directory) {
            return directory.resolve("armed");
        }

        private static void write(Path jar) throws IOException {
            Manifest manifest = new Manifest();
            Attributes attributes = manifest.getMainAttributes();
            attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            attributes.put(new Attributes.Name("Premain-Class"), SabotageAgent.class.getName());
            attributes.put(
                    Attributes.Name.CLASS_PATH,
                    ByteBuddy.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString());
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (Class<?> each : CLASSES) {
                    String name = each.getName().replace('.', '/') + ".class";
                    out.putNextEntry(new JarEntry(name));
                    try (InputStream in = each.getClassLoader().getResourceAsStream(name)) {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }

        private static void delete(Path directory) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Has a server start with the agent, which does nothing until a {@link Sabotage} is armed or a {@link FakeClock} set. */
    public static void load(ProcessBuilder server) {
        Assumptions.assumeTrue(Artifact.chosen().takesAgents(), "neither an executable nor a cache takes an agent");
        Path directory = Built.DIRECTORY;
        server.command()
                .addAll(
                        1,
                        List.of(
                                "-javaagent:" + Built.jar(directory),
                                "-D" + Sabotage.DIRECTORY + "=" + Built.armed(directory)));
    }

    /** In the server, before its {@code main}. */
    public static void premain(String argument, Instrumentation instrumentation) {
        AgentBuilder agent = new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly());
        agent = advise(agent, "delivery.LiveChannel", named("accept"), Breaks.DropEntry.class);
        agent = advise(agent, "delivery.LiveChannel", named("entry"), Breaks.DropDoorbell.class);
        agent = advise(agent, "delivery.LiveChannel", named("take"), Breaks.FillNothing.class);
        agent = advise(agent, "delivery.BatchBuilder", named("entry"), Breaks.SwapNeighbours.class);
        agent = advise(agent, "delivery.Follow", named("start"), Breaks.ResumeElsewhere.class);
        agent = advise(agent, "delivery.Stored", named("mayGet"), Breaks.SkipTooMuch.class);
        agent = advise(agent, "log.Append", named("dedup"), Breaks.SkipDuplicateCheck.class);
        agent = advise(agent, "log.redis.RedisChannelLog", named("follow"), Breaks.RememberDoorbell.class);
        agent = advise(agent, "log.redis.RedisChannelLog", named("append"), Breaks.GuessPlace.class);
        agent = advise(
                agent,
                "delivery.Wire",
                named("text").and(takesArgument(0, named("io.netty.buffer.ByteBuf"))),
                Breaks.HideGaps.class);
        agent.type(nameStartsWith("dev.parley.")
                        .or(nameStartsWith("org.jose4j."))
                        .and(not(nameStartsWith("dev.parley.server.faults."))))
                .transform((builder, type, loader, module, domain) -> builder.visit(fakeTime()))
                .installOn(instrumentation);
    }

    /** Asks {@link Broken} instead of {@link System} for the time. By hand, since Byte Buddy's own substitution stumbles over records. */
    private static AsmVisitorWrapper fakeTime() {
        return new AsmVisitorWrapper.ForDeclaredMethods()
                .invokable(
                        any(),
                        (type, method, visitor, context, pool, writerFlags, readerFlags) -> new FakeTime(visitor));
    }

    private static final class FakeTime extends MethodVisitor {
        FakeTime(MethodVisitor next) {
            super(OpenedClassReader.ASM_API, next);
        }

        @Override
        public void visitMethodInsn(int code, String owner, String name, String signature, boolean ofInterface) {
            boolean time = owner.equals("java/lang/System") && name.equals("currentTimeMillis");
            super.visitMethodInsn(code, time ? BROKEN : owner, name, signature, ofInterface);
        }
    }

    private static AgentBuilder advise(
            AgentBuilder agent, String type, ElementMatcher<MethodDescription> method, Class<?> advice) {
        return agent.type(named("dev.parley.server." + type))
                .transform(new AgentBuilder.Transformer.ForAdvice()
                        .include(SabotageAgent.class.getClassLoader())
                        .advice(method, advice.getName()));
    }
}
