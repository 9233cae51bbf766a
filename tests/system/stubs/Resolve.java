import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Hashtable;
import java.util.StringJoiner;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** Java's resolvers, with arguments and lines as in c_library.c: InetAddress, and JNDI (Java's own stub) for SRV. */
public class Resolve {
  static String addresses(String kind, String name) throws UnknownHostException {
    StringJoiner found = new StringJoiner(" ");
    for (InetAddress each : InetAddress.getAllByName(name)) {
      if (kind.equals("A") && !(each instanceof Inet4Address)) continue;
      if (kind.equals("AAAA") && !(each instanceof Inet6Address)) continue;
      found.add(each.getHostAddress());
    }
    return found.length() == 0 ? "none" : "found " + found;
  }

  static String services(String name) throws NamingException {
    Hashtable<String, String> how = new Hashtable<>();
    how.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
    how.put("java.naming.provider.url", "dns:");
    Attribute all = new InitialDirContext(how).getAttributes(name, new String[] {"SRV"}).get("SRV");
    if (all == null) return "none";
    StringJoiner found = new StringJoiner(" ");
    for (NamingEnumeration<?> each = all.getAll(); each.hasMore();) {
      String[] words = each.next().toString().split(" "); // priority, weight, port, target
      found.add(words[3] + ":" + words[2]);
    }
    return "found " + found;
  }

  static String lookUp(String kind, String name) {
    try {
      return kind.equals("SRV") ? services(name) : addresses(kind, name);
    } catch (UnknownHostException error) {
      boolean passing = String.valueOf(error.getMessage()).contains("Temporary");
      return passing ? "failed " + error.getMessage() : "none";
    } catch (NameNotFoundException error) {
      return "none";
    } catch (NamingException error) {
      return "failed " + error;
    }
  }

  public static void main(String[] words) {
    for (String word : words) {
      String[] parts = word.split(":");
      long began = System.nanoTime();
      String said = lookUp(parts[0], parts[1]);
      System.out.println((System.nanoTime() - began) / 1_000_000 + " " + said);
    }
  }
}
