package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators' figures move with what happens, on the instance where it happens. */
class FiguresIT {
    private static final JsonObject GROUP = new JsonObject().put("group", "figures");
    private static final int MESSAGES = 64;

    @RegisterExtension
    final Hub hub = new Hub(2)
            // On a busy machine Redis may be late with an answer, which would make its links new.
            .with("parley.redis.probe", "PT30S")
            .with("parley.limits.send-timeout", "PT30S");

    @Test
    void theWayOfAMessageIsMeasuredOnBothEnds() {
        RawClient reader = RawClient.guest("Reader").connect(hub.server(1));
        reader.join("figures");
        RawClient sender = RawClient.guest("Sender").connect(hub.server(0));
        sender.join("figures");
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < MESSAGES; i++) {
            sender.say(GROUP, "m" + i);
        }
        JsonObject repeated = RawClient.frame(GROUP, "again").put("messageId", id);
        sender.request(repeated.copy());
        sender.request(repeated.copy());

        Awaitility.await().atMost(RawClient.PATIENCE).untilAsserted(() -> {
            ServerProcess from = hub.server(0);
            assertThat(from.metric("parley_appends_total{result=\"stored\"")).isGreaterThan(MESSAGES);
            assertThat(from.metric("parley_appends_total{result=\"repeated\"")).isPositive();
            assertThat(from.metric("parley_redis_append_seconds_count")).isGreaterThan(MESSAGES);
            assertThat(hub.server(1).metric("parley_delivery_deliveries_total")).isGreaterThan(MESSAGES);
            instancesMeasure();
        });
        sender.close();
        reader.close();
    }

    private void instancesMeasure() {
        for (int i = 0; i < hub.size(); i++) {
            ServerProcess server = hub.server(i);
            for (String figure : List.of(
                    "parley_delivery_delay_seconds_count",
                    "parley_delivery_fanout_seconds_count",
                    "parley_loop_delay_seconds_count",
                    "parley_redis_ring_seconds_count",
                    "parley_redis_memory_used_bytes",
                    "parley_log_reachable")) {
                assertThat(server.metric(figure)).as(figure).isPositive();
            }
            assertThat(server.metric("parley_redis_connections_opened_total")).isGreaterThanOrEqualTo(4);
            assertThat(server.metric("parley_redis_connections_lost_total")).isZero();
        }
    }
}
