#include "core/process/proc_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <memory>

namespace muster {

namespace {

struct CloseDir {
    void operator()(DIR *folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseDir>;

template <typename T> bool parseNumber(std::string_view text, T &out)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end != text.data();
}

// Whole content of a /proc file; these have no size, and an environment may be megabytes.
std::optional<std::string> readAll(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return std::nullopt;
    std::string content;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(fd, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0)
            content.append(buffer, static_cast<std::size_t>(got));
    }
    close(fd);
    if (got < 0)
        return std::nullopt;
    return content;
}

std::string procPath(pid_t pid, const char *file) { return "/proc/" + std::to_string(pid) + '/' + file; }

std::string_view nextWord(std::string_view &rest)
{
    const auto begin = rest.find_first_not_of(' ');
    if (begin == std::string_view::npos)
        return {};
    const auto end = std::min(rest.find(' ', begin), rest.size());
    const std::string_view word = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return word;
}

// Calls `visit` with each variable of the environment until it returns true.
template <typename Visit> bool visitEnvironment(pid_t pid, Visit visit)
{
    const auto content = readAll(procPath(pid, "environ").c_str());
    if (!content)
        return false;
    std::string_view rest = *content;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\0'), rest.size());
        if (visit(rest.substr(0, end)))
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

} // namespace

std::optional<ProcEntry> parseStat(std::string_view line)
{
    // The name stands in parentheses and may hold any character, also parentheses and newlines.
    const auto nameEnd = line.rfind(')');
    if (nameEnd == std::string_view::npos)
        return std::nullopt;
    ProcEntry entry;
    std::string_view rest = line.substr(nameEnd + 1);
    const std::string_view state = nextWord(rest);
    if (state.empty() || !parseNumber(line, entry.pid) || !parseNumber(nextWord(rest), entry.parent) ||
        !parseNumber(nextWord(rest), entry.group) || !parseNumber(nextWord(rest), entry.session))
        return std::nullopt;
    entry.state = state.front();
    constexpr int startTimeField = 22;
    for (int field = 7; field < startTimeField; ++field)
        nextWord(rest);
    if (!parseNumber(nextWord(rest), entry.startTicks))
        return std::nullopt;
    nextWord(rest); // the size of its address space
    parseNumber(nextWord(rest), entry.residentPages);
    return entry;
}

std::int64_t ProcEntry::residentBytes() const
{
    static const long pageSize = sysconf(_SC_PAGESIZE);
    return residentPages * pageSize;
}

std::int64_t proportionalBytes(pid_t pid)
{
    constexpr std::string_view label = "\nPss:";
    const auto content = readAll(procPath(pid, "smaps_rollup").c_str());
    const std::size_t at = content ? content->find(label) : std::string::npos;
    if (at == std::string::npos)
        return 0;
    std::string_view rest = std::string_view(*content).substr(at + label.size());
    std::int64_t kibibytes = 0;
    parseNumber(nextWord(rest), kibibytes);
    return kibibytes * 1024;
}

std::optional<ProcEntry> readProcEntry(pid_t pid)
{
    const auto content = readAll(procPath(pid, "stat").c_str());
    return content ? parseStat(*content) : std::nullopt;
}

ProcessTable ProcessTable::read()
{
    ProcessTable table;
    const Folder folder(opendir("/proc"));
    if (!folder)
        return table;
    while (const dirent *item = readdir(folder.get())) {
        pid_t pid = 0;
        if (!parseNumber(std::string_view(item->d_name), pid))
            continue;
        if (const auto entry = readProcEntry(pid))
            table.entries.emplace(pid, *entry);
    }
    return table;
}

const ProcEntry *ProcessTable::find(pid_t pid) const
{
    const auto found = entries.find(pid);
    return found == entries.end() ? nullptr : &found->second;
}

std::vector<pid_t> ProcessTable::childrenOf(pid_t parent) const
{
    std::vector<pid_t> children;
    for (const auto &[pid, entry] : entries) {
        if (entry.parent == parent)
            children.push_back(pid);
    }
    return children;
}

std::unordered_set<pid_t> ProcessTable::descendantsOf(std::span<const pid_t> roots) const
{
    std::unordered_multimap<pid_t, pid_t> childrenByParent;
    for (const auto &[pid, entry] : entries)
        childrenByParent.emplace(entry.parent, pid);
    std::unordered_set<pid_t> found;
    std::vector<pid_t> open(roots.begin(), roots.end());
    while (!open.empty()) {
        const pid_t parent = open.back();
        open.pop_back();
        const auto [begin, end] = childrenByParent.equal_range(parent);
        for (auto it = begin; it != end; ++it) {
            if (found.insert(it->second).second)
                open.push_back(it->second);
        }
    }
    for (const pid_t root : roots)
        found.erase(root);
    return found;
}

std::vector<pid_t> adoptedChildren()
{
    const std::string path = procPath(getpid(), ("task/" + std::to_string(getpid()) + "/children").c_str());
    auto content = readAll(path.c_str());
    // The kernel skips a child when one before it is collected during the read. That one is in what was read,
    // and not in what is read next.
    for (std::optional<std::string> again; content; content = std::move(again)) {
        again = readAll(path.c_str());
        if (again == content)
            break;
    }
    if (!content)
        return ProcessTable::read().childrenOf(getpid()); // a kernel without these files
    std::vector<pid_t> children;
    std::string_view rest = *content;
    for (std::string_view word = nextWord(rest); !word.empty(); word = nextWord(rest)) {
        pid_t pid = 0;
        if (parseNumber(word, pid))
            children.push_back(pid);
    }
    return children;
}

bool holdsVariable(pid_t pid, std::string_view nameAndValue)
{
    return visitEnvironment(pid, [nameAndValue](std::string_view line) { return line == nameAndValue; });
}

std::optional<std::string> environmentOf(pid_t pid, std::string_view name)
{
    std::optional<std::string> value;
    visitEnvironment(pid, [&](std::string_view line) {
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != '=')
            return false;
        value = line.substr(name.size() + 1);
        return true;
    });
    return value;
}

int openPidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
#else
    return -1;
#endif
}

bool signalExactly(pid_t pid, std::uint64_t startTicks, int signal)
{
    if (pid <= 1)
        return false;
    const auto isStillThat = [&] {
        const auto entry = readProcEntry(pid);
        return entry && entry->startTicks == startTicks && !entry->isDead();
    };
    // Opened first: what it refers to is then compared, and cannot be swapped for another process.
    const int pidfd = openPidfd(pid);
    if (pidfd < 0)
        return isStillThat() && kill(pid, signal) == 0;
    bool sent = false;
#ifdef SYS_pidfd_send_signal
    sent = isStillThat() && syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0;
#endif
    close(pidfd);
    return sent;
}

} // namespace muster
