package dev.parley.server.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.server.testing.Settings;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What webhooks are told, over real HTTP, by a receiver that verifies signatures by itself. */
class WebhooksTest {
    private static final int ATTEMPTS = 4;

    private final Receiver receiver = new Receiver(0, call -> Receiver.Answer.OK);
    private final HookCounters counters = new HookCounters();

    @AfterEach
    void close() {
        receiver.close();
    }

    /** By the example of the specification, computed by another implementation. */
    @Test
    void signsAsTheSpecificationSays() {
        Signature signature = Signature.of(List.of(Receiver.SECRET)).orElseThrow();

        assertThat(signature.of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}".getBytes()))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void tellsOfAMessageWhatItsReceiversGet() {
        webhooks("message").message(new Address.Group("lobby"), new Cursor("e1", 7), envelope("{\"n\":1.50}"));

        await().until(() -> receiver.calls().size() == 1);
        Receiver.Call call = receiver.calls().get(0);
        assertThat(call.type()).isEqualTo("dev.parley.message");
        assertThat(call.event().getString("specversion")).isEqualTo("1.0");
        assertThat(call.event().getString("id")).isEqualTo(call.id());
        assertThat(call.event().getString("source")).isEqualTo("/parley/n1");
        assertThat(call.event().getString("subject")).isEqualTo("group/lobby");
        assertThat(call.data().getJsonObject("message").getLong("seq")).isEqualTo(7);
        assertThat(call.data().getJsonObject("message").getJsonObject("data").encode())
                .isEqualTo("{\"n\":1.5}");
        await().until(() -> counters.delivered.sum() == 1);
    }

    @Test
    void theSameEntryHasTheSameIdWhoeverTellsOfIt() {
        webhooks("message").message(new Address.Group("lobby"), new Cursor("e1", 7), envelope("1"));
        webhooks("message").message(new Address.Group("lobby"), new Cursor("e1", 7), envelope("1"));
        webhooks("message").message(new Address.Group("lobby"), new Cursor("e2", 7), envelope("1"));

        await().until(() -> receiver.calls().size() == 3);
        assertThat(receiver.calls().stream().map(Receiver.Call::id).distinct()).hasSize(2);
    }

    @Test
    void whatIsNotTakenIsToldAgainAndWhatComesBehindItWaits() {
        Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
        receiver.answer(call ->
                tries.computeIfAbsent(call.id(), id -> new AtomicInteger()).incrementAndGet() < 3
                        ? new Receiver.Answer(500, "")
                        : Receiver.Answer.OK);
        Deliveries deliveries = deliveries(100);
        for (int i = 0; i < 5; i++) {
            deliveries.tell(event("lane", i));
            deliveries.tell(event("other", i));
        }

        await().until(() -> counters.delivered.sum() == 10);
        for (String lane : List.of("lane", "other")) {
            assertThat(receiver.calls().stream()
                            .filter(call -> call.event().getString("subject").equals(lane))
                            .map(call -> call.data().getInteger("number")))
                    .containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4);
        }
        assertThat(counters.retried.sum()).isEqualTo(20);
        assertThat(counters.dead.sum()).isZero();
        assertThat(deliveries.waiting()).isZero();
    }

    @Test
    void whatIsNeverTakenIsGivenUpAndHoldsNothingUpForEver() {
        receiver.answer(
                call -> call.data().getInteger("number") == 0 ? new Receiver.Answer(410, "") : Receiver.Answer.OK);
        Deliveries deliveries = deliveries(100);
        deliveries.tell(event("lane", 0));
        deliveries.tell(event("lane", 1));

        await().until(() -> counters.delivered.sum() == 1);
        assertThat(counters.dead.sum()).isEqualTo(1);
        assertThat(receiver.calls()).hasSize(ATTEMPTS + 1);
        assertThat(counters.waiting.sum()).isZero();
    }

    @Test
    void noMoreWaitThanMay() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        receiver.answer(call -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Receiver.Answer.OK;
        });
        Deliveries deliveries = deliveries(3);
        AtomicInteger settled = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            deliveries.tell(event("lane", i), settled::incrementAndGet);
        }
        assertThat(counters.dead.sum()).isEqualTo(7);
        assertThat(settled).hasValue(7);
        assertThat(counters.waiting.sum()).isEqualTo(3);
        stuck.countDown();
        await().until(() -> counters.delivered.sum() == 3);
        await().until(() -> settled.get() == 10);
    }

    @Test
    void anAnswerThatDoesNotComeToItsEndIsNone() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket service = new ServerSocket(0, 0, loopback)) {
            Thread answering = new Thread(() -> beginAnswers(service));
            answering.start();
            URI uri = URI.create("http://" + loopback.getHostAddress() + ":" + service.getLocalPort() + "/hook");
            Deliveries deliveries = new Deliveries(
                    "audit",
                    new Endpoint(uri, Signature.of(List.of(Receiver.SECRET)).orElseThrow(), Duration.ofMillis(500)),
                    10,
                    2,
                    20,
                    counters);

            deliveries.tell(event("lane", 0));

            await().until(() -> counters.dead.sum() == 1);
            assertThat(counters.retried.sum()).isEqualTo(1);
            assertThat(deliveries.waiting()).isZero();
        }
    }

    /** Answers each call with its head and half of its body. */
    private static void beginAnswers(ServerSocket service) {
        List<Socket> calls = new ArrayList<>();
        try {
            while (true) {
                Socket call = service.accept();
                calls.add(call);
                call.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf".getBytes());
            }
        } catch (IOException over) {
            // The test has closed the service, and so ends this.
            calls.forEach(WebhooksTest::close);
        }
    }

    private static void close(Socket call) {
        try {
            call.close();
        } catch (IOException gone) {
            // So it is closed.
        }
    }

    /** Else the secret's call would go to whoever the service names. */
    @Test
    void redirectsAreNotFollowed() {
        receiver.answer(call -> new Receiver.Answer(302, ""));
        deliveries(10).tell(event("lane", 0));

        await().until(() -> counters.dead.sum() == 1);
        assertThat(counters.delivered.sum()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "url, ftp://example.org/, parley.webhooks.\"audit\".url is 'ftp://example.org/'",
        "url, nonsense, parley.webhooks.\"audit\".url is 'nonsense'",
        "secrets, secret, parley.webhooks.\"audit\".secrets has what is no secret",
        "secrets, whsec_c2hvcnQ=, parley.webhooks.\"audit\".secrets has what is no secret",
        "secrets, 'whsec_***', parley.webhooks.\"audit\".secrets has what is no secret",
        "url, , parley.webhooks.\"audit\".url is not set",
        "events, , parley.webhooks.\"audit\".events is not set",
    })
    void aWrongSettingStopsTheStartWithASentence(String setting, String value, String sentence) {
        Map<String, String> settings = settings("message");
        if (value == null) {
            settings.remove("parley.webhooks.audit." + setting);
        } else {
            settings.put("parley.webhooks.audit." + setting, value);
        }

        assertThatThrownBy(() -> new Webhooks("n1", Settings.with(settings).webhooks(), counters))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(sentence);
    }

    private Webhooks webhooks(String events) {
        return new Webhooks("n1", Settings.with(settings(events)).webhooks(), counters);
    }

    private Map<String, String> settings(String events) {
        return new HashMap<>(Map.of(
                "parley.webhooks.audit.url",
                receiver.url(),
                "parley.webhooks.audit.secrets",
                Receiver.SECRET,
                "parley.webhooks.audit.events",
                events));
    }

    private Deliveries deliveries(int most) {
        Signature signature = Signature.of(List.of(Receiver.SECRET)).orElseThrow();
        Endpoint endpoint = new Endpoint(URI.create(receiver.url()), signature, Duration.ofSeconds(10));
        return new Deliveries("audit", endpoint, most, ATTEMPTS, 20, counters);
    }

    private static CloudEvent event(String lane, int number) {
        return CloudEvent.of("test", "n1", lane + number, lane, json -> json.writeNumberField("number", number));
    }

    private static Envelope envelope(String data) {
        return new Envelope(
                new Address.Group("lobby"),
                new Sender.Person("ada", "Ada", "n1.1"),
                "m1",
                "message",
                1_760_000_000_000L,
                RawJson.of(data),
                null);
    }
}
