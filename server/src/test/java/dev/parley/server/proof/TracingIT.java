package dev.parley.server.proof;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Collector.Told;
import dev.parley.server.proof.ServerProcess.Answer;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a collector is told of messages through two instances on one Redis, of which only those are traced whose callers are. Ada is on the first instance, Bob and
 * Carol are on the second.
 */
class TracingIT {
    private static final Collector COLLECTOR = new Collector();
    private static final String CONTENT = "what nobody but its recipients may read";

    /** As it is configured: a comma in a value is no end of it. */
    private static final String HEADERS = Collector.KEY_HEADER + "=" + Collector.KEY.replace(",", "\\,");

    @RegisterExtension
    static final Hub HUB =
            new Hub(2).with("parley.tracing.url", COLLECTOR.url()).with("parley.tracing.headers", HEADERS);

    private final String group = "traced:g-" + UUID.randomUUID();
    private final String trace = hex(16);
    private final String caller = hex(8);
    private RawClient ada;
    private RawClient bob;
    private RawClient carol;

    @BeforeEach
    void connectEverybody() {
        ada = RawClient.guest("Ada").connect(HUB.server(0));
        bob = RawClient.guest("Bob").connect(HUB.server(1));
        carol = RawClient.guest("Carol").connect(HUB.server(1));
        for (RawClient client : List.of(ada, bob, carol)) {
            client.join(group);
        }
    }

    @AfterEach
    void nobodyBrokeTheContract() {
        Checker.assertFaultless(List.of(ada, bob, carol));
    }

    @AfterAll
    static void stopCollecting() {
        COLLECTOR.close();
    }

    @Test
    void oneTraceLeadsFromTheCallerToTheSocketsOfAllInstances() {
        JsonObject sent = push(message(), traceparent("01")).body();

        List<Told> spans = awaitSpans(trace, 4);
        Told send = only(spans, "send");
        Told append = only(spans, "append");
        List<Told> deliveries = of(spans, "deliver");
        String first = ada.welcomed().getString("node");
        String second = bob.welcomed().getString("node");
        assertThat(spans).hasSize(4).extracting(Told::service).containsOnly("parley");
        assertThat(send.parent()).isEqualTo(caller);
        assertThat(append.parent()).isEqualTo(send.id());
        assertThat(deliveries).extracting(Told::parent).containsOnly(append.id());
        assertThat(List.of(send, append)).extracting(Told::instance).containsOnly(first);
        assertThat(deliveries).extracting(Told::instance).containsExactlyInAnyOrder(first, second);
        assertThat(send.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
        assertThat(deliveries)
                .allSatisfy(told -> assertThat(told.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER));
        assertThat(spans).allSatisfy(told -> {
            assertThat(told.attributes())
                    .containsEntry("messaging.system", "parley")
                    .containsEntry("messaging.destination.name", "group/" + group)
                    .containsEntry("messaging.operation.name", told.operation());
            assertThat(told.span().getName()).isEqualTo(told.operation() + " group/{name}");
            assertThat(told.span().getEndTimeUnixNano())
                    .isGreaterThanOrEqualTo(told.span().getStartTimeUnixNano());
        });
        assertThat(List.of(send, append))
                .allSatisfy(told -> assertThat(told.attributes())
                        .containsEntry("messaging.message.id", sent.getString("messageId")));
        assertThat(Stream.concat(Stream.of(append), deliveries.stream()))
                .allSatisfy(told -> assertThat(told.attributes())
                        .containsEntry("parley.epoch", sent.getString("epoch"))
                        .containsEntry("parley.seq", sent.getLong("seq").toString()));
        assertDelivered(deliveries, first, 1, 1);
        assertDelivered(deliveries, second, 2, 2);
    }

    @Test
    void whatSystemsOfTracingAddedIsOnTheSpansOfAllInstances() {
        Map<String, String> caller =
                Map.of("traceparent", traceparent("01"), "tracestate", "rojo= two words , congo=t61");

        HUB.server(0).post("/v1/messages", message(), caller);

        assertThat(awaitSpans(trace, 4))
                .extracting(told -> told.operation() + " " + told.span().getTraceState())
                .containsExactlyInAnyOrder(
                        "send rojo= two words,congo=t61",
                        "append rojo= two words,congo=t61",
                        "deliver rojo= two words,congo=t61",
                        "deliver rojo= two words,congo=t61");
    }

    @Test
    void aMalformedTracestateIsDroppedAndTheTraceIsNot() {
        Map<String, String> caller = Map.of("traceparent", traceparent("01"), "tracestate", "rojo=1,Congo=t61");
        JsonObject batch = new JsonObject().put("messages", new JsonArray().add(message()));

        HUB.server(0).post("/v1/messages:batch", batch, caller);

        assertThat(awaitSpans(trace, 4))
                .allSatisfy(told -> assertThat(told.span().getTraceState()).isEmpty());
    }

    @Test
    void whoIsExceptedIsNoRecipient() {
        push(message().put("except", new JsonArray().add(bob.user())), traceparent("01"));

        List<Told> deliveries = of(awaitSpans(trace, 4), "deliver");

        assertDelivered(deliveries, bob.welcomed().getString("node"), 2, 1);
    }

    @Test
    void whatIsNotKeptIsTracedAsWell() {
        push(message().put("volatile", true), traceparent("01"));

        List<Told> spans = awaitSpans(trace, 4);

        assertThat(only(spans, "publish").parent())
                .isEqualTo(only(spans, "send").id());
        assertThat(of(spans, "deliver"))
                .hasSize(2)
                .extracting(Told::parent)
                .containsOnly(only(spans, "publish").id());
        assertDelivered(of(spans, "deliver"), bob.welcomed().getString("node"), 2, 2);
    }

    @Test
    void eachMessageOfABatchIsPartOfTheCallersTrace() {
        JsonObject batch =
                new JsonObject().put("messages", new JsonArray().add(message()).add(message()));

        HUB.server(0).post("/v1/messages:batch", batch, Map.of("traceparent", traceparent("01")));

        List<Told> spans = awaitSpans(trace, 8);
        assertThat(of(spans, "send")).hasSize(2).extracting(Told::parent).containsOnly(caller);
        assertThat(of(spans, "deliver").stream().map(Told::parent).collect(toSet()))
                .isEqualTo(of(spans, "append").stream().map(Told::id).collect(toSet()));
    }

    @Test
    void aRepeatIsTracedAndDeliveredOnceOnly() {
        String other = hex(16);
        JsonObject message = message().put("messageId", UUID.randomUUID().toString());
        push(message, traceparent("01"));
        awaitSpans(trace, 4);

        push(message, "00-" + other + "-" + caller + "-01");

        List<Told> repeated = awaitSpans(other, 2);
        markTheEnd();
        assertThat(only(repeated, "append").attributes()).containsEntry("parley.duplicate", "true");
        assertThat(COLLECTOR.spans(other)).hasSize(2);
    }

    @Test
    void aRefusalIsTold() {
        JsonObject nobody = new JsonObject().put("to", new JsonObject().put("user", "nobody-" + UUID.randomUUID()));

        Answer answer = push(nobody.put("data", CONTENT), traceparent("01"));

        assertThat(answer.status()).isEqualTo(404);
        Told send = awaitSpans(trace, 1).get(0);
        assertThat(send.attributes()).containsEntry("error.type", "unknown_user");
        assertThat(send.span().getStatus().getMessage()).isEmpty();
    }

    @Test
    void nothingIsToldOfWhatNobodyTraces() {
        Set<String> before = COLLECTOR.spans().stream().map(Told::trace).collect(toSet());
        push(message(), traceparent("00"));
        push(message(), "00-" + trace + "-0000000000000000-01");
        HUB.server(0).post("/v1/messages", message(), Map.of());
        String id = ada.say(To.group(group), CONTENT).getString("messageId");
        carol.heard().awaitMessage(id);

        String marker = markTheEnd();

        assertThat(COLLECTOR.spans().stream().map(Told::trace).filter(told -> !before.contains(told)))
                .containsOnly(marker);
    }

    @Test
    void spansHoldNeitherContentNorTokensAndReceiversSeeNoTrace() {
        push(message(), traceparent("01"));
        awaitSpans(trace, 4);
        String token = ada.welcomed().getString("token");

        assertThat(COLLECTOR.everything())
                .contains(group)
                .doesNotContain(CONTENT)
                .doesNotContain(token)
                .doesNotContain(ServerProcess.SERVICE_KEY)
                .doesNotContain(Collector.KEY);
        assertThat(HUB.server(0).log()).contains(COLLECTOR.url()).doesNotContain(Collector.KEY);
        carol.heard().awaitFrame("message", frame -> CONTENT.equals(frame.getString("data")));
        assertThat(Stream.of(ada, bob, carol).flatMap(client -> client.heard().latest().stream()))
                .noneMatch(frame -> frame.contains(trace));
        JsonObject late = bob.request(new JsonObject().put("type", "history").put("channel", "group/" + group));
        assertThat(late.encode()).contains(CONTENT).doesNotContain(trace);
    }

    @Test
    void withARatioTheHubBeginsTracesByItself() {
        Map<String, String> all = Map.of(
                "parley.tracing.url", COLLECTOR.url(), "parley.tracing.headers", HEADERS, "parley.tracing.ratio", "1");
        try (ServerProcess alone = ServerProcess.launch("TracingIT-all", all).awaitReady()) {
            RawClient dora = RawClient.guest("Dora").connect(alone);
            dora.join("alone");
            dora.say(To.group("alone"), CONTENT);

            String node = dora.welcomed().getString("node");
            List<Told> spans = Awaitility.await("its spans")
                    .atMost(RawClient.PATIENCE)
                    .until(
                            () -> COLLECTOR.spans().stream()
                                    .filter(told -> told.instance().equals(node))
                                    .toList(),
                            told -> of(told, "deliver").size() == 1
                                    && of(told, "send").size() == 1);
            assertThat(spans.stream().map(Told::trace).collect(toSet())).hasSize(1);
            assertThat(only(spans, "send").parent()).isEmpty();
            assertThat(only(spans, "append").parent())
                    .isEqualTo(only(spans, "send").id());
            assertThat(only(spans, "deliver").parent())
                    .isEqualTo(only(spans, "append").id());
            dora.close();
        }
    }

    @Test
    void withoutItsCollectorTheHubGoesOn() {
        assertGoesOn(Map.of("parley.tracing.url", "http://127.0.0.1:1/v1/traces"), "Failed to export spans");
    }

    @Test
    void aKeyThatTheCollectorDoesNotTakeIsToldOfAndNotShown() {
        String wrong = "a-wrong-key";

        String log = assertGoesOn(
                Map.of(
                        "parley.tracing.url",
                        COLLECTOR.url() + "?token=" + wrong,
                        "parley.tracing.headers",
                        Collector.KEY_HEADER + "=" + wrong),
                "401");

        assertThat(log).contains(COLLECTOR.url()).doesNotContain(wrong);
    }

    /** Messages arrive while no spans do, which the log tells in these words. */
    private static String assertGoesOn(Map<String, String> settings, String words) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("parley.tracing.ratio", "1");
        try (ServerProcess alone = ServerProcess.launch("TracingIT-alone", all).awaitReady()) {
            RawClient dora = RawClient.guest("Dora").connect(alone);
            dora.join("alone");
            Awaitility.await("it has noticed").atMost(RawClient.PATIENCE).until(() -> {
                String id = dora.say(To.group("alone"), CONTENT).getString("messageId");
                dora.heard().awaitMessage(id);
                return alone.log().contains(words);
            });
            Checker.assertFaultless(List.of(dora));
            dora.close();
            return alone.log();
        }
    }

    /** Has all that was told before this arrive: an instance tells its spans in their order. */
    private String markTheEnd() {
        String marker = hex(16);
        for (ServerProcess server : List.of(HUB.server(0), HUB.server(1))) {
            server.post("/v1/messages", message(), Map.of("traceparent", "00-" + marker + "-" + caller + "-01"));
        }
        awaitSpans(marker, 8);
        return marker;
    }

    private static List<Told> awaitSpans(String of, int number) {
        return Awaitility.await("spans of " + of)
                .atMost(RawClient.PATIENCE)
                .until(() -> COLLECTOR.spans(of), spans -> spans.size() >= number);
    }

    private static void assertDelivered(List<Told> deliveries, String node, int followers, int recipients) {
        assertThat(deliveries)
                .filteredOn(told -> told.instance().equals(node))
                .singleElement()
                .satisfies(told -> assertThat(told.attributes())
                        .containsEntry("parley.followers", Integer.toString(followers))
                        .containsEntry("parley.recipients", Integer.toString(recipients)));
    }

    private static List<Told> of(List<Told> spans, String operation) {
        return spans.stream().filter(told -> told.operation().equals(operation)).toList();
    }

    private static Told only(List<Told> spans, String operation) {
        assertThat(of(spans, operation)).as(operation).hasSize(1);
        return of(spans, operation).get(0);
    }

    private JsonObject message() {
        return new JsonObject().put("to", To.group(group)).put("data", CONTENT);
    }

    private static Answer push(JsonObject message, String traceparent) {
        return HUB.server(0).post("/v1/messages", message, Map.of("traceparent", traceparent));
    }

    private String traceparent(String flags) {
        return "00-" + trace + "-" + caller + "-" + flags;
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
