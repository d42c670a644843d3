package dev.parley.server.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.test.junit.QuarkusTest;

/** Where tests must be, for the build to run them as they need it. */
@AnalyzeClasses(packages = "dev.parley.server", importOptions = ImportOption.OnlyIncludeTests.class)
class TestPlacesTest {

    @ArchTest
    static final ArchRule quarkusTestsAreWhereOneProcessRunsThem = classes()
            .that()
            .areAnnotatedWith(QuarkusTest.class)
            .should()
            .haveNameMatching(
                    "dev[.]parley[.]server[.](" + System.getProperty("application.test.packages") + ")[.].*Test")
            .because("two processes with a @QuarkusTest remove each other's index (server/pom.xml)");
}
