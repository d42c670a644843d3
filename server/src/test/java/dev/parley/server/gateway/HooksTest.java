package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.RawJson;
import dev.parley.server.hook.Receiver;
import dev.parley.server.hook.SendDecision;
import dev.parley.server.hook.SendPolicy;
import dev.parley.server.hook.Sending;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.testing.EventReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A team's own code decides about connections and messages: a bean in the build, and services behind webhooks. */
@QuarkusTest
@TestProfile(HooksTest.Profile.class)
class HooksTest {
    private static final int POLICY = 1008;
    private static final String PORT = "parley-tests.hooks.port";

    /** One bean, and webhooks whose receiver each test starts. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Censor.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            String url = "http://localhost:" + port() + "/hook";
            Map<String, String> settings = new HashMap<>();
            settings.put("parley.guests.secret", TestToken.SECRET);
            settings.put("parley.broadcast.everyone", "false");
            settings.put("parley.hooks.deadline", "4S");
            settings.put("parley.webhooks.judge.url", url);
            settings.put("parley.webhooks.judge.secrets", Receiver.SECRET);
            settings.put("parley.webhooks.judge.events", "connect,send");
            settings.put("parley.webhooks.diary.url", url);
            settings.put("parley.webhooks.diary.secrets", "whsec_" + "A".repeat(32) + "," + Receiver.SECRET);
            settings.put("parley.webhooks.diary.events", "connected,disconnected,message,membership");
            return settings;
        }

        /** Of this profile in whichever class loader: both sides read it from the same place. */
        private static String port() {
            if (System.getProperty(PORT) == null) {
                try (ServerSocket free = new ServerSocket(0)) {
                    System.setProperty(PORT, Integer.toString(free.getLocalPort()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return System.getProperty(PORT);
        }
    }

    /** Does what the text tells it to. */
    @Alternative
    @Singleton
    public static class Censor implements SendPolicy {
        @Override
        public CompletionStage<SendDecision> sending(Sending message) {
            String text = message.data().toString();
            CompletableFuture<SendDecision> decision = new CompletableFuture<>();
            if (text.contains("never")) {
                return decision;
            } else if (text.contains("fail")) {
                throw new IllegalStateException("the team's own fault");
            } else if (text.contains("nasty")) {
                decision.complete(new SendDecision.Refuse("mind your words"));
            } else if (text.contains("thread")) {
                String thread = '"' + Thread.currentThread().getName() + '"';
                decision.complete(new SendDecision.Accept(RawJson.of(thread), "seen"));
            } else if (text.contains("slow")) {
                decision.completeOnTimeout(SendDecision.ACCEPT, 300, TimeUnit.MILLISECONDS);
            } else {
                decision.complete(SendDecision.ACCEPT);
            }
            return decision;
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Exceeded exceeded;

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String group = "hooks:" + id;
    private Receiver receiver;

    @BeforeEach
    void listen() {
        receiver = new Receiver(Integer.parseInt(System.getProperty(PORT)), HooksTest::judge);
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static Receiver.Answer judge(Receiver.Call call) {
        String said = call.data().encode();
        if (said.contains("evil")) {
            return new Receiver.Answer(200, "{\"accept\":false,\"detail\":\"not you\"}");
        } else if (call.type().equals("dev.parley.connect") && said.contains("shy")) {
            return new Receiver.Answer(200, "{\"name\":\"Somebody\",\"roles\":[\"quiet\"]}");
        } else if (call.type().equals("dev.parley.send") && said.contains("price")) {
            return new Receiver.Answer(200, "{\"data\": {\"price\":\n 1.50}, \"event\": \"checked\"}");
        } else if (call.type().equals("dev.parley.send") && said.contains("broken")) {
            return new Receiver.Answer(500, "");
        } else if (call.type().equals("dev.parley.send") && said.contains("gibberish")) {
            return new Receiver.Answer(200, "yes!");
        }
        return call.type().equals("dev.parley.connect") || call.type().equals("dev.parley.send")
                ? new Receiver.Answer(200, "{}")
                : Receiver.Answer.OK;
    }

    @Test
    void messagesGoOnInTheOrderInWhichTheyWereSentHoweverLongEachTakes() {
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(group);
            JsonObject[] sends = new JsonObject[20];
            for (int i = 0; i < sends.length; i++) {
                sends[i] = ada.numbered(Say.send(Say.group(group), (i % 5 == 0 ? "slow " : "fast ") + i));
            }
            ada.say(sends);
            long before = 0;
            for (JsonObject send : sends) {
                long seq = ada.answerTo(send).getLong("seq");
                assertThat(seq).isGreaterThan(before);
                before = seq;
            }
        }
    }

    /** While decisions take their time, so many may be under way. */
    @Test
    void moreThanMayBeUnderWayAreRefused() {
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(group);
            JsonObject[] sends = new JsonObject[40];
            for (int i = 0; i < sends.length; i++) {
                sends[i] = ada.numbered(Say.send(Say.group(group), "slow " + i));
            }
            ada.say(sends);
            int refused = 0;
            for (JsonObject send : sends) {
                JsonObject answer = ada.answerTo(send);
                if (answer.getString("type").equals("error")) {
                    assertThat(answer.getString("code")).isEqualTo("rate_limited");
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(40 - 32);
            assertThat(exceeded.of(Limit.IN_FLIGHT)).isEqualTo(refused);
        }
    }

    @Test
    void aBeanRefusesAndChangesAndIsNotCalledOnAnEventLoop() {
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(group);
            assertThat(ada.refused(Say.send(Say.group(group), "nasty"), "forbidden")
                            .getString("detail"))
                    .isEqualTo("mind your words");
            ada.accepted(Say.send(Say.group(group), "thread"));
            JsonObject changed = ada.await(frame -> "seen".equals(frame.getString("event")));
            assertThat(changed.getString("data")).startsWith("parley-hooks");
        }
    }

    @Test
    void withoutADecisionAMessageIsUnavailableAndTheNextOneGoesOn() {
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(group);
            JsonObject never = ada.numbered(Say.send(Say.group(group), "never"));
            JsonObject fails = ada.numbered(Say.send(Say.group(group), "fail"));
            JsonObject broken = ada.numbered(Say.send(Say.group(group), "broken"));
            JsonObject gibberish = ada.numbered(Say.send(Say.group(group), "gibberish"));
            JsonObject after = ada.numbered(Say.send(Say.group(group), "after"));
            ada.say(never, fails, broken, gibberish, after);

            for (JsonObject refused : new JsonObject[] {never, fails, broken, gibberish}) {
                assertThat(ada.answerTo(refused).getString("code")).isEqualTo("unavailable");
            }
            assertThat(ada.answerTo(after).getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void aServiceDecidesAboutMessages() {
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(group);
            assertThat(ada.refused(Say.send(Say.group(group), "evil plan"), "forbidden")
                            .getString("detail"))
                    .isEqualTo("not you");
            ada.accepted(Say.send(Say.group(group), "price"));
            JsonObject message = ada.await(frame -> "checked".equals(frame.getString("event")));
            assertThat(message.getJsonObject("data").getDouble("price")).isEqualTo(1.5);
        }
    }

    @Test
    void aServiceDecidesAboutConnections() {
        try (Person evil = Person.silent(root);
                Person shy = Person.of(root, "shy-" + id)) {
            assertThat(evil.refused(Say.hello(TestToken.of("evil-" + id)), "forbidden")
                            .getString("detail"))
                    .isEqualTo("not you");
            assertThat(evil.awaitClose()).isEqualTo(POLICY);
            assertThat(shy.welcome().getJsonObject("user").getString("name")).isEqualTo("Somebody");
        }
    }

    @Test
    void whoIsRevokedWhileItIsDecidedGetsNoStream() throws Exception {
        String user = "ada-" + id;
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch decided = new CountDownLatch(1);
        receiver.answer(call -> {
            if (call.type().equals("dev.parley.connect")) {
                asked.countDown();
                await(decided);
            }
            return judge(call);
        });
        CompletableFuture<EventReader> stream =
                CompletableFuture.supplyAsync(() -> EventReader.ask(root, "?channel=all", TestToken.header(user)));
        await(asked);
        HttpRequest revoke = HttpRequest.newBuilder(root.resolve("v1/users/" + user + "/tokens"))
                .DELETE()
                .header("Authorization", "Bearer dev")
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(revoke, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
        decided.countDown();

        try (EventReader reader = stream.join()) {
            assertThat(reader.head()).startsWith("HTTP/1.1 401 ");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRenewedTokenIsDecidedAboutLikeTheFirst() {
        String user = "shy-" + id;
        try (Person ada = Person.of(root, "ada-" + id);
                Person shy = Person.of(root, user)) {
            ada.join(group);
            shy.join(group);
            // Else what is told of the coming may be told with the last name already.
            ada.await(frame -> "Somebody".equals(frame.getString("name")));
            JsonObject refresh = JsonObject.of("type", "refresh", "token", TestToken.of(user, "admin"));
            shy.accepted(refresh);
            shy.send(Say.group(group), "still shy");
            JsonObject message = ada.await(frame -> "still shy".equals(frame.getValue("data")));
            assertThat(message.getJsonObject("from").getString("name")).isEqualTo("Somebody");
            shy.refused(Say.send(Say.everyone(), "as an admin"), "forbidden");

            receiver.answer(call -> call.type().equals("dev.parley.connect")
                    ? new Receiver.Answer(200, "{\"accept\":false,\"detail\":\"not any more\"}")
                    : judge(call));
            assertThat(shy.refused(refresh, "forbidden").getString("detail")).isEqualTo("not any more");
            shy.send(Say.group(group), "as before");

            receiver.answer(call -> call.type().equals("dev.parley.connect")
                    ? new Receiver.Answer(200, "{\"name\":\"Renamed\"}")
                    : judge(call));
            shy.accepted(refresh);
            shy.send(Say.everyone(), "as an admin");
            ada.await(frame -> "updated".equals(frame.getString("state")) && "Renamed".equals(frame.getString("name")));
        }
    }

    @Test
    void callsWithAPersonsTokenAreDecidedAboutToo() throws Exception {
        String team = "chat:hooks-" + id;
        try (Person ada = Person.of(root, "ada-" + id)) {
            ada.join(team);
        }
        assertThat(history(team, "ada-" + id).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = history(team, "evil-" + id);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("not you");
        receiver.close();
        assertThat(history(team, "ada-" + id).statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> history(String of, String user) throws IOException, InterruptedException {
        HttpRequest call = HttpRequest.newBuilder(root.resolve("v1/groups/" + of + "/messages"))
                .header("Authorization", "Bearer " + TestToken.of(user))
                .build();
        return HttpClient.newHttpClient().send(call, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aServiceThatIsGoneLetsNobodyInAndSaysToComeBack() {
        receiver.close();
        try (Person ada = Person.silent(root)) {
            assertThat(ada.refused(Say.hello(TestToken.of("ada-" + id)), "unavailable")
                            .getLong("retryAfter"))
                    .isPositive();
        }
    }

    @Test
    void whatHappenedIsToldAlsoWhenItTakesSeveralTimes() {
        String user = "ada-" + id;
        String team = "chat:hooks-" + id;
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        receiver.answer(call -> {
            boolean ours = call.type().equals("dev.parley.message")
                    && call.event().getString("subject").equals("group/" + team);
            return ours && tries.merge(call.id(), 1, Integer::sum) < 3 ? new Receiver.Answer(503, "") : judge(call);
        });
        try (Person ada = Person.of(root, user)) {
            ada.join(team);
            ada.send(Say.group(team), "first");
            ada.send(Say.group(team), "second");
        }
        Awaitility.await().until(() -> told("dev.parley.disconnected", user).size() == 1);
        assertThat(told("dev.parley.connected", user)).hasSize(1);
        Awaitility.await().until(() -> told("dev.parley.membership", team).size() == 1);
        Awaitility.await()
                .until(() -> tries.size() == 2 && tries.values().stream().allMatch(number -> number == 3));
        assertThat(told("dev.parley.message", team).stream()
                        .map(call -> call.data().getJsonObject("message").getString("data"))
                        .distinct())
                .containsExactly("first", "second");
    }

    private List<Receiver.Call> told(String type, String about) {
        return receiver.calls().stream()
                .filter(call -> call.type().equals(type))
                .filter(call -> call.event().encode().contains(about))
                .toList();
    }
}
