package dev.parley.server.proof;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Takes spans as a collector of OpenTelemetry does, over HTTP in Protobuf, reads them by the published definitions, and keeps them; of those only who bring its key
 * in a header.
 */
final class Collector implements AutoCloseable {
    static final String KEY_HEADER = "x-api-key";
    static final String KEY = "the key, of a collector";

    private final HttpServer server;
    private final List<Told> spans = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    /** A span, and which instance told it. */
    record Told(String instance, String service, Span span) {
        String trace() {
            return hex(span.getTraceId());
        }

        String id() {
            return hex(span.getSpanId());
        }

        String parent() {
            return hex(span.getParentSpanId());
        }

        /** What it is: the first word of its name. */
        String operation() {
            return span.getName().split(" ")[0];
        }

        Map<String, String> attributes() {
            return values(span.getAttributesList());
        }
    }

    Collector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** All spans so far, in the order in which each instance told them. */
    List<Told> spans() {
        return List.copyOf(spans);
    }

    List<Told> spans(String trace) {
        return spans.stream().filter(told -> told.trace().equals(trace)).toList();
    }

    /** All that came over the wire, a character for each byte. */
    String everything() {
        return String.join("\n", bodies);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        int status = 200;
        if (!List.of(KEY).equals(exchange.getRequestHeaders().get(KEY_HEADER))) {
            status = 401;
        } else if (!"application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            status = 415;
        } else {
            bodies.add(new String(body, StandardCharsets.ISO_8859_1));
            keep(body);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void keep(byte[] body) throws InvalidProtocolBufferException {
        ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(of -> {
            Map<String, String> resource = values(of.getResource().getAttributesList());
            of.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .forEach(span -> spans.add(
                            new Told(resource.get("service.instance.id"), resource.get("service.name"), span)));
        });
    }

    private static Map<String, String> values(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, pair -> switch (pair.getValue()
                .getValueCase()) {
            case STRING_VALUE -> pair.getValue().getStringValue();
            case INT_VALUE -> Long.toString(pair.getValue().getIntValue());
            case BOOL_VALUE -> Boolean.toString(pair.getValue().getBoolValue());
            default -> throw new IllegalStateException("an attribute of a kind that no span of ours has: " + pair);
        }));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
