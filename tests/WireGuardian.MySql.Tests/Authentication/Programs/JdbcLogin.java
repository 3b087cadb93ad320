import java.sql.DriverManager;
import java.util.Properties;

public final class JdbcLogin {
  public static void main(String[] arguments) throws Exception {
    var authority = System.getenv("AUTHORITY");
    var properties = new Properties();
    properties.setProperty("user", System.getenv("LOGIN"));
    properties.setProperty("password", System.getenv("PASSWORD"));
    properties.setProperty("allowPublicKeyRetrieval", "true");
    if (!authority.isEmpty()) {
      properties.setProperty("useSsl", "true");
      properties.setProperty("serverSslCert", authority);
      properties.setProperty("disableSslHostnameVerification", "true");
    }
    try (var connection = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + System.getenv("PORT") + "/", properties);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select user()")) {
      rows.next();
      System.out.println(rows.getString(1) + " True");
    }
  }
}
