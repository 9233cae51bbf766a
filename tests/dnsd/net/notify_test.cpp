#include "dnsd/net/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "tests/support/temporary_folder.h"

namespace net {
namespace {

/// A service manager that hears one datagram at a time.
class FakeManager {
 public:
  explicit FakeManager(std::string name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
  }
  ~FakeManager() { close(socket_); }
  FakeManager(const FakeManager&) = delete;
  FakeManager& operator=(const FakeManager&) = delete;

  std::string heard() {
    std::array<char, 512> bytes{};
    const ssize_t size = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(Notify, TellsASocketOfTheFileSystem) {
  const support::TemporaryFolder folder;
  FakeManager manager(folder / "notify");
  EXPECT_TRUE(Notify(folder / "notify").ready("2 services").ok());
  EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=2 services");
}

TEST(Notify, TellsAnAbstractSocket) {
  const std::string name = "@signpost-test-" + std::to_string(getpid());
  FakeManager manager(name);
  EXPECT_TRUE(Notify(name).stopping().ok());
  EXPECT_EQ(manager.heard(), "STOPPING=1");
  EXPECT_TRUE(Notify(name).status("draining").ok());
  EXPECT_EQ(manager.heard(), "STATUS=draining");
}

TEST(Notify, AReloadCarriesTheMonotonicTime) {
  const support::TemporaryFolder folder;
  FakeManager manager(folder / "notify");
  EXPECT_TRUE(Notify(folder / "notify").reloading().ok());
  const std::string heard = manager.heard();
  const std::string before_time = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_EQ(heard.substr(0, before_time.size()), before_time);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  EXPECT_NEAR(std::stod(heard.substr(before_time.size())), 1e6 * double(now.tv_sec), 5e6);
}

TEST(Notify, WithoutAServiceManagerDoesNothing) {
  unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_TRUE(Notify::from_environment().ready("").ok());
}

TEST(Notify, TakesItsSocketFromTheEnvironment) {
  const support::TemporaryFolder folder;
  FakeManager manager(folder / "notify");
  setenv("NOTIFY_SOCKET", (folder / "notify").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_TRUE(Notify::from_environment().stopping().ok());
  unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(manager.heard(), "STOPPING=1");
}

TEST(Notify, SaysWhyTheManagerWasNotTold) {
  const auto gone = Notify("/nowhere/notify").stopping();
  ASSERT_FALSE(gone.ok());
  EXPECT_NE(gone.error().message.find("/nowhere/notify: No such file"), std::string::npos);
  EXPECT_FALSE(Notify("relative").stopping().ok());
  EXPECT_FALSE(Notify("/" + std::string(200, 'x')).stopping().ok());
}

}  // namespace
}  // namespace net
