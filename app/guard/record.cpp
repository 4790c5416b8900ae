#include "app/guard/record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace muster::guard {

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string readWhole(const std::string &path)
{
    std::string content;
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return content;
    char buffer[65536];
    ssize_t got = 0;
    while ((got = read(fd, buffer, sizeof buffer)) > 0)
        content.append(buffer, static_cast<std::size_t>(got));
    close(fd);
    return content;
}

bool writeRecord(const std::string &folder, const std::string &name, std::string_view content)
{
    const std::string path = folder + '/' + name;
    const std::string beside = path + ".new";
    const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    const bool stored = writeAll(fd, content) && fsync(fd) == 0;
    const int error = errno;
    close(fd);
    if (!stored) {
        unlink(beside.c_str()); // it would keep what little room there is
        errno = error;
        return false;
    }
    if (rename(beside.c_str(), path.c_str()) != 0)
        return false;
    const int directory = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return false;
    const bool synced = fsync(directory) == 0;
    close(directory);
    return synced;
}

bool isNoSpace(int error) { return error == ENOSPC || error == EDQUOT; }

bool makeFolder(const std::string &path)
{
    for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
        mkdir(path.substr(0, end).c_str(), 0700);
    return mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

} // namespace muster::guard
