package dev.parley.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks, each in a JVM of its own, and prints time and bytes allocated per operation. {@code verify} compiles them only; its name keeps this class
 * out of the tests, until it is asked for by name:
 *
 * <pre>
 * ./mvnw test -pl server -am -Dtest=Benchmarks -Dsurefire.failIfNoSpecifiedTests=false -Dparley.bench=FrameBenchmark
 * </pre>
 */
class Benchmarks {

    /** A regular expression for the names of the benchmarks to run. */
    private static final String WHICH = System.getProperty("parley.bench", ".*Benchmark.*");

    @Test
    void run() throws RunnerException {
        var options = new OptionsBuilder().include(WHICH).addProfiler(GCProfiler.class);

        assertThat(new Runner(options.build()).run()).isNotEmpty();
    }
}
