package dev.parley.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What any visitor of the chat sees first, in a real browser. */
@QuarkusTest
@ExtendWith(Chromium.class)
class PageLoadsTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void loadsWithoutAnErrorInTheConsole(Page page) {
        var errors = new ArrayList<String>();
        page.onPageError(errors::add);
        page.onRequestFailed(request -> errors.add(request.url() + ": " + request.failure()));
        page.onResponse(response -> {
            if (response.status() >= 400) {
                errors.add(response.url() + ": " + response.status());
            }
        });

        page.navigate(root);

        assertThat(page.title()).startsWith("Parley");
        assertThat(errors).isEmpty();
    }
}
