package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Crowd;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.RawClient;
import dev.parley.server.proof.To;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Wall clocks are wrong and jump, of one instance or of Redis: order is by place and never by time, so nobody notices. */
class ClockFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private static final FakeClock INSTANCE = new FakeClock();
    private static final FakeClock REDIS = new FakeClock();

    @RegisterExtension
    static final Hub HUB = new Hub(2)
            .with("parley.namespaces.\"default\".history.size", "20000")
            .preparedRedis(REDIS::give)
            .prepared((n, process) -> {
                if (n == 0) {
                    INSTANCE.giveServer(process);
                }
            });

    @AfterEach
    void clocksAreRightAgain() {
        set(INSTANCE, Duration.ZERO);
        if (FakeClock.isInstalled()) {
            set(REDIS, Duration.ZERO);
        }
    }

    @Test
    void nothingIsLostOrTurnedRoundWhenTheClockOfAnInstanceJumps() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            set(INSTANCE, AN_HOUR);
            crowd.awaitAcks(200);
            crowd.loseConnections(2);
            set(INSTANCE, AN_HOUR.negated());
            crowd.awaitAcks(200);
            crowd.loseConnections(2);

            assertThat(crowd.settle()).isEmpty();
        }
    }

    @Test
    @EnabledIf(
            value = "dev.parley.server.faults.FakeClock#isInstalled",
            disabledReason = "libfaketime is not installed")
    void nothingIsLostOrTakenTwiceWhenTheClockOfRedisJumps() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            set(REDIS, AN_HOUR);
            crowd.awaitAcks(200);
            crowd.loseConnections(2);
            set(REDIS, AN_HOUR.negated());
            crowd.awaitAcks(200);
            crowd.loseConnections(2);

            assertThat(crowd.settle()).isEmpty();
        }
    }

    /** Sets a clock and waits until its process goes by it, and the instances have got used to it: the first message after Redis' jump is to be sent again. */
    private static void set(FakeClock clock, Duration offset) {
        clock.offset(offset);
        Awaitility.await("the clock is set")
                .atMost(PATIENCE)
                .until(() -> Math.abs((clock == REDIS ? redisTime() : timeAt(0))
                                - System.currentTimeMillis()
                                - offset.toMillis())
                        < AN_HOUR.toMillis() / 2);
        timeAt(0);
        timeAt(1);
    }

    private static long redisTime() {
        String[] lines = HUB.redis().command("TIME").split("\r\n");
        return Long.parseLong(lines[2]) * 1000;
    }

    /** As a message has it. */
    private static long timeAt(int server) {
        try (RawClient client = RawClient.guest("clock").connect(HUB.server(server))) {
            client.join("clock");
            return client.say(To.group("clock"), "what time is it").getLong("time");
        }
    }
}
