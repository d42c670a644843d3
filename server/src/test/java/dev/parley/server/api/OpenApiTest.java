package dev.parley.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/openapi.yaml} true to what the server says of itself; with {@code -Ddocs.update=true} by rewriting it. */
@QuarkusTest
class OpenApiTest {
    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("../docs/openapi.yaml");
    private static final String HOW =
            "docs/openapi.yaml is out of date. Rewrite it with: ./mvnw test -pl server -am -Dtest=OpenApiTest"
                    + " -Ddocs.update=true -Dsurefire.failIfNoSpecifiedTests=false";

    @TestHTTPResource("/q/openapi?format=yaml")
    URI document;

    @Test
    void theFileSaysWhatTheServerSays() throws IOException, InterruptedException {
        String served = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(document).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(served).contains("/v1/messages:", "/v1/stream:", "urn:parley:error:");
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(PAGE, served);
        } else {
            assertThat(Files.readString(PAGE)).withFailMessage(HOW).isEqualTo(served);
        }
    }

    @Test
    void theMethodsOfEveryResourceAreKnown() {
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("dev.parley.server")
                                .stream()
                                .filter(each -> each.isAnnotatedWith(Path.class))
                                .map(JavaClass::getFullName))
                .containsExactlyInAnyOrderElementsOf(
                        Methods.RESOURCES.stream().map(Class::getName).toList());
    }
}
