package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.hook.Receiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever was acknowledged is told to a webhook, though the instances that know of it are killed before, or while they tell. */
class WebhooksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String DELIVERED = "parley_webhooks_delivered_total";

    /** The message ids, or users, of what was taken, in this order. */
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    private volatile boolean open = true;
    private final Receiver receiver = new Receiver(0, this::take);

    @RegisterExtension
    final Hub hub = new Hub(2)
            .with("parley.webhooks.audit.url", receiver.url())
            .with("parley.webhooks.audit.secrets", Receiver.SECRET)
            .with("parley.webhooks.audit.events", "message,membership");

    private final String group = "g-" + UUID.randomUUID();

    private Receiver.Answer take(Receiver.Call call) {
        if (!open) {
            return new Receiver.Answer(503, "");
        }
        JsonObject message = call.data().getJsonObject("message");
        boolean membership = message.getString("event").equals("membership");
        taken.add(membership ? message.getJsonObject("data").getString("user") : message.getString("messageId"));
        return Receiver.Answer.OK;
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void theInstanceThatTellsIsKilled() {
        try (RawClient ada = RawClient.guest("Ada").comingBackTo(hub::any).connect(hub.server(0))) {
            ada.join(group); // again by itself when the connection is lost
            List<String> acknowledged = new ArrayList<>(say(ada, 50));
            await().atMost(PATIENCE).until(() -> taken.containsAll(acknowledged));
            ServerProcess teller = delivered(hub.server(0)) > 0 ? hub.server(0) : hub.server(1);
            assertThat(delivered(teller)).isEqualTo(50);

            open = false;
            acknowledged.addAll(say(ada, 50));
            teller.kill();
            acknowledged.addAll(say(ada, 50));
            open = true;

            await().atMost(PATIENCE).until(() -> taken.containsAll(acknowledged));
            // One sender, whose messages stand one behind the other: told in that order, the first time at least.
            assertThat(taken.stream().distinct()).containsExactlyElementsOf(acknowledged);
        }
    }

    @Test
    void allInstancesAreKilledAndOneStartsAnew() {
        open = false;
        List<String> acknowledged;
        try (RawClient ada = RawClient.guest("Ada").connect(hub.server(0))) {
            ada.join(group);
            acknowledged = new ArrayList<>(say(ada, 20));
            ada.join("chat:" + group);
            acknowledged.add(ada.user());
        }
        hub.server(0).kill();
        hub.server(1).kill();
        assertThat(taken).isEmpty();

        open = true;
        hub.add();
        await().atMost(PATIENCE).until(() -> taken.containsAll(acknowledged));
    }

    /** Gives the ids of messages that were acknowledged. */
    private List<String> say(RawClient client, int many) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ids.add(client.say(To.group(group), i).getString("messageId"));
        }
        return ids;
    }

    private static double delivered(ServerProcess server) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri().resolve("/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(DELIVERED))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
