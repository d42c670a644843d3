package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One message with an id to a group of its own, sent over WebSocket by a person or over HTTP by a service, as often as a test likes, and two who follow the group,
 * each on an instance that stays. For one test, used by its thread.
 */
final class Retries {
    /** More than anything else that a link to Redis carries meanwhile, so that it shows when the message has passed. */
    private static final String TEXT = "x".repeat(32 * 1024);

    private final Hub hub;
    private final boolean http;
    private final JsonObject to = To.group("g-" + UUID.randomUUID());
    private final String id = UUID.randomUUID().toString();
    private final RawClient ada = RawClient.guest("Ada");
    private final List<RawClient> devices = new ArrayList<>();
    private final List<RawClient> followers = List.of(RawClient.guest("Bob"), RawClient.guest("Carol"));

    /** @param hub has two instances that stay */
    Retries(Hub hub, boolean http) {
        this.hub = hub;
        this.http = http;
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).connect(hub.server(i)).join(to.getString("group"));
        }
        ada.connect(hub.server(0));
        // A script goes to Redis in full only after Redis said that it lacks it, which over a mute link nobody would
        // hear.
        ada.say(To.user(ada), "Redis has the script");
        ada.close();
    }

    /** Prepares to send the message to an instance, which must answer now. */
    Attempt at(ServerProcess server) {
        JsonObject message = RawClient.frame(to, TEXT);
        if (http) {
            message.remove("type");
            return Attempt.overHttp(server, message, id);
        }
        RawClient device = ada.device("device-" + devices.size()).connect(server);
        device.join(to.getString("group"));
        devices.add(device);
        return Attempt.overWebSocket(device, message.put("messageId", id));
    }

    /** Begins an attempt and waits until its message has gone on to Redis, whatever becomes of it there; gives the answer, which may come later. */
    CompletableFuture<JsonObject> passing(int server, Attempt attempt) {
        Supplier<Long> passed = () -> hub.redisLink(server).tally().toTarget();
        long before = passed.get();
        CompletableFuture<JsonObject> answer = attempt.begin();
        Awaitility.await("the message has gone on to Redis")
                .atMost(RawClient.PATIENCE)
                .until(() -> passed.get() - before >= TEXT.length());
        return answer;
    }

    /** Waits until the followers have the message, and gives it as the first of them got it. */
    JsonObject delivered() {
        return followers.stream()
                .map(follower -> follower.heard().awaitMessage(id))
                .toList()
                .get(0);
    }

    /** Sends once more on both instances that stay: each time the answer is about what the followers got already. */
    void assertRepeatsAreToldTheFirst() {
        JsonObject first = delivered();
        for (int i = 0; i < followers.size(); i++) {
            JsonObject answer = RawClient.await(at(hub.server(i)).begin());
            assertThat(answer.getBoolean("duplicate"))
                    .as("duplicate in %s", answer)
                    .isTrue();
            assertTellsOf(first, answer);
        }
        assertAllSawItOnceAndFirst();
    }

    /** Waits until the follower on the second instance has the message. */
    void awaitOnSecond() {
        followers.get(1).heard().awaitMessage(id);
    }

    void assertTellsOf(JsonObject message, JsonObject answer) {
        for (String field : List.of("messageId", "channel", "epoch", "seq", "time")) {
            assertThat(answer.getValue(field)).as(field).isEqualTo(message.getValue(field));
        }
    }

    /** What comes after it comes right after it, for the followers and in the log; and nobody was told anything against the contract. */
    void assertAllSawItOnceAndFirst() {
        assertAllSaw(List.of(id, other()));
    }

    /** Sends something else to the group, and gives its id. */
    String other() {
        JsonObject other = new JsonObject().put("to", to).put("data", "other");
        return hub.server(1).post("/v1/messages", other, Map.of()).body().getString("messageId");
    }

    void assertAllSaw(List<String> ids) {
        String path = "/v1/groups/" + to.getString("group") + "/messages";
        List<JsonObject> log = hub.server(0).get(path).body().getJsonArray("messages").stream()
                .map(JsonObject.class::cast)
                .toList();
        assertThat(log).extracting(message -> message.getString("messageId")).isEqualTo(ids);
        for (RawClient follower : followers) {
            follower.heard().awaitMessage(ids.get(ids.size() - 1));
            assertThat(follower.heard().frames("message"))
                    .extracting(message -> message.getString("messageId"))
                    .as("what %s got", follower)
                    .isEqualTo(ids);
        }
        List<RawClient> present = Stream.concat(devices.stream().filter(RawClient::isOpen), followers.stream())
                .toList();
        Checker.assertFaultless(present);
    }
}
