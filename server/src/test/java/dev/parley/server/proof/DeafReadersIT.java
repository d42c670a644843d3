package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who takes nothing for the time of a heartbeat is closed with 4000, and misses nothing when it comes back. */
class DeafReadersIT {
    private static final int DEAF = 20;
    private static final int RATE = 2000;
    private static final String GROUP = "fast";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @RegisterExtension
    final Hub hub = new Hub(2)
            .with("parley.limits.sends-per-second", "1000000")
            .with("parley.limits.in-flight", Integer.toString(Flow.UNANSWERED_MAX))
            .with("parley.heartbeat.interval", "PT3S")
            .with("parley.heartbeat.timeout", "PT3S")
            .with("parley.namespaces.\"default\".history.size", "1000000");

    private final NioLoop loop = new NioLoop();

    @AfterEach
    void hangUp() {
        loop.close();
    }

    @Test
    void whoTakesNothingIsClosedAndMayResume() {
        FlowReader sender = FlowReader.reading(loop, hub.server(0).uri(), GROUP);
        await("the sender follows", sender::isFollowing);
        Flow flow = new Flow(List.of(sender));
        loop.run(() -> flow.rate(RATE));
        loop.everyTurn(flow::turn);
        List<FlowReader> deaf = IntStream.range(0, DEAF)
                .mapToObj(i -> FlowReader.stopping(loop, hub.server(0).uri(), GROUP))
                .toList();
        await("all follow", () -> deaf.stream().allMatch(FlowReader::isFollowing));

        Awaitility.await("the server has given them up")
                .atMost(PATIENCE)
                .until(() -> hub.server(0).metric("parley_connections ") == 1);
        loop.run(() -> deaf.forEach(reader -> reader.read(true)));
        await("they notice", () -> deaf.stream().allMatch(reader -> reader.closed() != 0));
        // Who reads what was on its way within five seconds finds the close frame behind it; after that the socket is
        // gone.
        assertThat(deaf).extracting(FlowReader::closed).contains(4000).isSubsetOf(4000, Wire.BROKEN);

        deaf.forEach(reader -> reader.resume(hub.server(1).uri()));
        long head = loop.call(sender::seq);
        await("they have everything", () -> deaf.stream().allMatch(reader -> reader.seq() >= head));
        assertThat(deaf).allSatisfy(reader -> {
            assertThat(reader.faults()).isEmpty();
            assertThat(reader.gaps()).isEmpty();
        });
        assertThat(sender.closed()).isZero();
        assertThat(sender.faults()).isEmpty();
    }

    private void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> loop.call(condition::getAsBoolean));
    }
}
