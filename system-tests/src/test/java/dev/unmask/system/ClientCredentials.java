package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientVersion;
import org.mlflow.tracking.MlflowContext;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.mlflow.tracking.creds.HostCredsProviderChain;
import org.mlflow.tracking.creds.MlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCredsProvider;

/** How a client is told of the gateway and its token, and what it gets without one. */
record ClientCredentials(CallRecorder calls, Gateway gateway) {

  void workAsBearerAndAsPassword() {
    String host = gateway.uri().toString();
    BasicMlflowHostCreds bearer = calls.get(BasicMlflowHostCreds::new, host, gateway.token());
    assertThat(calls.get(bearer::getHost)).isEqualTo(host);
    assertThat(calls.get(bearer::getToken)).isEqualTo(gateway.token());
    assertThat(calls.get(bearer::shouldIgnoreTlsVerification)).isFalse();
    assertThat(calls.get(bearer::getHostCreds)).isSameAs(bearer);
    assertAdmitted(bearer);
    calls.run(bearer::refresh);
    assertAdmitted(bearer);

    BasicMlflowHostCreds basic =
        calls.get(BasicMlflowHostCreds::new, host, "anybody", gateway.token());
    assertThat(calls.get(basic::getUsername)).isEqualTo("anybody");
    assertThat(calls.get(basic::getPassword)).isEqualTo(gateway.token());
    assertThat(basic.getToken()).isNull();
    assertAdmitted(basic);

    BasicMlflowHostCreds both =
        calls.get(
            BasicMlflowHostCreds::new, host, "anybody", gateway.token(), gateway.token(), true);
    assertThat(both.shouldIgnoreTlsVerification()).isTrue();
    assertAdmitted(both);
  }

  void areTakenFromTheFirstProviderThatHasAny() {
    MlflowHostCredsProvider[] providers = {new Nowhere(), bearer()};
    HostCredsProviderChain chain = calls.get(HostCredsProviderChain::new, providers);

    assertThat(calls.get(chain::getHostCreds).getToken()).isEqualTo(gateway.token());
    assertAdmitted(chain);
    calls.run(chain::refresh);
    assertAdmitted(chain);
  }

  /** A client that is made of an address has no token: the gateway says so, in MLflow's words. */
  void areAskedForWhereThereAreNone() {
    String host = gateway.uri().toString();
    BasicMlflowHostCreds none = calls.get(BasicMlflowHostCreds::new, host);
    assertThat(none.getToken()).isNull();
    try (MlflowClient client = calls.get(MlflowClient::new, host)) {
      MlflowHttpException refused =
          catchThrowableOfType(MlflowHttpException.class, () -> client.getExperiment("0"));
      assertThat(calls.get(refused::getStatusCode)).isEqualTo(401);
      assertThat(calls.get(refused::getReasonPhrase)).isEqualTo("Unauthorized");
      assertThat(calls.get(refused::getBodyMessage)).contains("\"error_code\":\"UNAUTHENTICATED\"");
    }
    MlflowContext context = calls.get(MlflowContext::new, host);
    assertThatThrownBy(context::startRun)
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("statusCode=401");
    context.getClient().close();
  }

  void areOfNoUseToAClosedClient() {
    MlflowClient client = calls.get(MlflowClient::new, bearer());
    assertThat(client.getExperiment("0").getName()).isEqualTo("Default");

    calls.run(client::close);

    assertThatThrownBy(() -> client.getExperiment("0")).isInstanceOf(IllegalStateException.class);
    assertThat(calls.get(MlflowClientVersion::getClientVersion)).isEqualTo("2.17.2");
  }

  private BasicMlflowHostCreds bearer() {
    return new BasicMlflowHostCreds(gateway.uri().toString(), gateway.token());
  }

  private static void assertAdmitted(MlflowHostCredsProvider credentials) {
    try (MlflowClient client = new MlflowClient(credentials)) {
      assertThat(client.getExperiment("0").getName()).isEqualTo("Default");
    }
  }

  /** Knows of no host. */
  private static final class Nowhere implements MlflowHostCredsProvider {
    @Override
    public MlflowHostCreds getHostCreds() {
      throw new IllegalStateException("no host is set");
    }

    @Override
    public void refresh() {
      // There is nothing to read again.
    }
  }
}
