package dev.parley.server.fuzz;

import dev.parley.server.proof.ServerProcess;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What is mutated: every golden frame, every call of the server's OpenAPI document, and the tokens of a few attackers. */
final class Corpus {
    private static final Path GOLDEN = Path.of("../protocol/golden");
    private static final int ATTACKERS = 6;

    /** So deep are bodies made up from schemas. */
    private static final int DEPTH = 4;

    /** Groups that attackers know. */
    static final List<String> GROUPS =
            List.of("lobby", "fuzz", "fuzz:a", "chat:fuzz", "chat:lobby", "dm:x~y", "a".repeat(128), "no such");

    final List<String> frames;
    final List<String> tokens = new ArrayList<>();
    final List<String> users = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();

    /** One operation of the HTTP API; {@code body} is null where it takes none. */
    record Call(String method, String path, List<String> query, String body) {}

    private final JsonObject schemas;

    Corpus(ServerProcess server) {
        frames = Stream.of("client", "server").flatMap(Corpus::golden).toList();
        for (int i = 0; i < ATTACKERS; i++) {
            JsonObject guest = server.post("/v1/guests", new JsonObject().put("name", "attacker " + i), Map.of())
                    .body();
            tokens.add(guest.getString("token"));
            users.add(guest.getJsonObject("user").getString("id"));
        }
        JsonObject document = server.get("/q/openapi?format=json").body();
        schemas = document.getJsonObject("components").getJsonObject("schemas");
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(operation ->
                                call(path.getKey(), operation.getKey(), (JsonObject) operation.getValue())));
    }

    private static Stream<String> golden(String side) {
        try (Stream<Path> files = Files.list(GOLDEN.resolve(side))) {
            return files
                    .sorted()
                    .map(Corpus::read)
                    .map(json -> json.replace("\n", " ").strip())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void call(String path, String method, JsonObject operation) {
        List<String> query = operation.getJsonArray("parameters", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .filter(parameter -> "query".equals(parameter.getString("in")))
                .map(parameter -> parameter.getString("name"))
                .toList();
        JsonObject body = operation.getJsonObject("requestBody");
        String example = null;
        if (body != null) {
            JsonObject schema = body.getJsonObject("content")
                    .getJsonObject("application/json")
                    .getJsonObject("schema");
            example = Json.encode(example(schema, DEPTH));
        }
        calls.add(new Call(method.toUpperCase(Locale.ROOT), path, query, example));
    }

    /** A value of a schema: its own example, or one with every property. */
    private Object example(JsonObject schema, int depth) {
        if (schema.containsKey("$ref")) {
            String name = schema.getString("$ref");
            return example(schemas.getJsonObject(name.substring(name.lastIndexOf('/') + 1)), depth);
        }
        if (schema.containsKey("example")) {
            return schema.getValue("example");
        }
        if (schema.getValue("examples") instanceof JsonArray examples && !examples.isEmpty()) {
            return examples.getValue(0);
        }
        if (schema.getValue("enum") instanceof JsonArray values) {
            return values.getValue(0);
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.getValue(choice) instanceof JsonArray choices) {
                return example(choices.getJsonObject(0), depth);
            }
        }
        JsonObject properties = schema.getJsonObject("properties");
        if (properties != null && depth > 0) {
            JsonObject made = new JsonObject();
            properties.forEach(each -> made.put(
                    each.getKey(),
                    each.getValue() instanceof JsonObject property ? example(property, depth - 1) : "x"));
            return made;
        }
        return switch (String.valueOf(schema.getValue("type"))) {
            case "array" ->
                new JsonArray()
                        .add(
                                schema.getJsonObject("items") == null || depth == 0
                                        ? "x"
                                        : example(schema.getJsonObject("items"), depth - 1));
            case "integer", "number" -> 1;
            case "boolean" -> true;
            case "object" -> new JsonObject();
            default -> "lobby";
        };
    }
}
