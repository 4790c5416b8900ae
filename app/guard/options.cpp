#include "app/guard/options.h"

#include <charconv>
#include <string_view>

namespace muster::guard {

namespace {

template <typename T> bool parseCount(std::string_view text, T &out)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && out >= 0;
}

bool parseMilliseconds(std::string_view text, std::chrono::milliseconds &out)
{
    std::int64_t count = 0;
    if (!parseCount(text, count))
        return false;
    out = std::chrono::milliseconds(count);
    return true;
}

bool setOption(Options &options, std::string_view name, std::string_view value)
{
    if (name == "--lifeline")
        return parseCount(value, options.lifelineOf) && options.lifelineOf > 0;
    if (name == "--timeout-ms")
        return parseMilliseconds(value, options.timeout);
    if (name == "--grace-ms")
        return parseMilliseconds(value, options.grace);
    if (name == "--output-cap")
        return parseCount(value, options.outputCap);
    std::string *const text = name == "--dir"   ? &options.folder
                              : name == "--key" ? &options.key
                              : name == "--cwd" ? &options.workingDir
                                                : nullptr;
    if (!text || value.empty())
        return false;
    *text = value;
    return true;
}

bool isComplete(const Options &options)
{
    const bool guarded = !options.folder.empty() && !options.key.empty() && !options.workingDir.empty();
    return !options.command.empty() && (options.lifelineOf > 0 || guarded);
}

} // namespace

std::optional<Options> parseOptions(std::span<char *const> arguments)
{
    Options options;
    std::size_t i = 1;
    for (; i < arguments.size() && std::string_view(arguments[i]) != "--"; i += 2) {
        if (i + 1 >= arguments.size() || !setOption(options, arguments[i], arguments[i + 1]))
            return std::nullopt;
    }
    for (++i; i < arguments.size(); ++i)
        options.command.emplace_back(arguments[i]);
    return isComplete(options) ? std::optional(options) : std::nullopt;
}

} // namespace muster::guard
