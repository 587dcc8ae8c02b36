package dev.unmask.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.unmask.system.SharedStack.Trained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The dashboard in a real Chromium. */
@ExtendWith(SharedStack.class)
class BrowserIT {
  private static final double PATIENCE = 30_000; // milliseconds
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private Playwright playwright;
  private Page page;

  @BeforeEach
  void open() {
    Optional<Path> chromium = chromium();
    if (chromium.isEmpty()) {
      System.err.println("SKIPPED: the browser test needs Chromium (apt install chromium)");
    }
    Assumptions.assumeTrue(chromium.isPresent(), "no Chromium on this machine");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium.orElseThrow())
                    .setArgs(ARGUMENTS));
    page = browser.newPage();
    page.setDefaultTimeout(PATIENCE);
  }

  @AfterEach
  void close() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @Test
  void signsInSeesTheCurveAndWatchesDenoising(Trained trained) {
    page.navigate(trained.gateway().uri() + "/");
    byId("signin-token").fill(trained.gateway().token());
    byId("signin-submit").click();

    byId("nav-runs").click();
    byId("run-row").first().click();
    assertThat(byId("loss-chart").first()).isVisible(visible());

    byId("nav-models").click();
    assertThat(page.getByText(SharedStack.NAME).first()).isVisible(visible());

    byId("nav-playground").click();
    choose(byId("playground-model"));
    byId("playground-prompt").fill("  private static final ");
    byId("playground-start").click();
    assertThat(byId("denoise-token").first()).isVisible(visible());
    assertThat(byId("playground-output"))
        .hasText(
            Pattern.compile("\\S"), new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
    assertThat(byId("denoise-step").first()).isVisible(visible());
  }

  @Test
  void refusesAWrongTokenWithoutLettingAnyoneIn(Trained trained) {
    page.navigate(trained.gateway().uri() + "/");
    byId("signin-token").fill("umk_wrong");
    byId("signin-submit").click();

    assertThat(page.getByRole(AriaRole.ALERT).first()).isVisible(visible());
    assertThat(byId("signin-submit").isVisible()).isTrue();
  }

  /** A list of deployments that may still be loading into the page. */
  private static void choose(Locator models) {
    models.selectOption(new SelectOption().setValue(SharedStack.NAME));
  }

  private Locator byId(String id) {
    return page.getByTestId(id);
  }

  private static LocatorAssertions.IsVisibleOptions visible() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE);
  }

  private static Optional<Path> chromium() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
