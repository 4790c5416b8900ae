#include "app/model_agent/tools/file_tools.h"

#include "core/agent/sensitive_paths.h"
#include "core/agent/workspace_files.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRegularExpression>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr qsizetype longestLine = 300;

ToolAnswer failed(const QString &words) { return {.failed = true, .text = words}; }

ToolAnswer readFile(const WorkspaceFiles &files, const ToolPlan &plan)
{
    const int first = std::max(1, plan.input.value("first_line"_L1).toInt(1));
    const int wished = plan.input.value("max_lines"_L1).toInt(tool_limits::lines);
    const int most = std::clamp(wished, 1, tool_limits::lines);
    const auto text = files.read(plan.relative, first, most);
    if (!text)
        return failed(u"Cannot be read: "_s + text.error().detail);
    if (text->isEmpty())
        return {.text = first > 1 ? u"(the file ends before that line)"_s : u"(the file is empty)"_s};
    if (text->size() > tool_limits::answer) {
        const QString kept = text->left(tool_limits::answer);
        return {.text = kept + u"\n(cut here; go on with first_line %1)"_s.arg(first + kept.count(u'\n'))};
    }
    if (text->count(u'\n') >= most)
        return {.text =
                    *text + u"(at most %1 lines; go on with first_line %2)"_s.arg(most).arg(first + most)};
    return {.text = *text};
}

// In the order of their names, folders after the files of their folder; never through a link. `take` says
// whether to go on.
using TakeEntry = std::function<bool(const QFileInfo &entry, const QString &relative)>;

bool walk(const QString &folder, const QString &relative, int depth, const TakeEntry &take)
{
    const QFileInfoList entries = QDir(folder).entryInfoList(
        QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name | QDir::DirsLast);
    return std::ranges::all_of(entries, [&](const QFileInfo &entry) {
        const QString name =
            relative.isEmpty() ? entry.fileName() : QString(relative + u'/' + entry.fileName());
        if (!take(entry, name))
            return false;
        const bool isFolder = entry.isDir() && !entry.isSymLink() && entry.fileName() != ".git"_L1;
        return !isFolder || depth <= 1 || walk(entry.filePath(), name, depth - 1, take);
    });
}

ToolAnswer listFiles(const ToolPlan &plan)
{
    if (!QFileInfo(plan.path).isDir())
        return failed(u"There is no such folder."_s);
    const int depth = std::clamp(plan.input.value("depth"_L1).toInt(3), 1, 64);
    QStringList lines;
    const bool all =
        walk(plan.path, plan.relative, depth, [&](const QFileInfo &entry, const QString &relative) {
        const bool isFolder = entry.isDir() && !entry.isSymLink();
        lines += isFolder ? QString(relative + u'/') : relative;
        return lines.size() < tool_limits::entries;
    });
    if (lines.isEmpty())
        return {.text = u"(the folder is empty)"_s};
    if (!all)
        lines += u"(the first %1; there is more)"_s.arg(lines.size());
    return {.text = lines.join(u'\n').left(tool_limits::answer)};
}

class Search {
public:
    Search(const WorkspaceFiles &files, const ToolPlan &plan, const std::atomic_bool &stop)
        : m_files(files)
        , m_text(plan.input.value("text"_L1).toString())
        , m_case(plan.input.value("ignore_case"_L1).toBool() ? Qt::CaseInsensitive : Qt::CaseSensitive)
        , m_stop(stop)
    {
        const QString name = plan.input.value("name"_L1).toString().left(200);
        if (!name.isEmpty())
            m_name.setPattern(QRegularExpression::wildcardToRegularExpression(name));
        m_time.start();
    }

    bool take(const QFileInfo &entry, const QString &relative)
    {
        if (m_stop || m_time.durationElapsed() > tool_limits::search)
            return false;
        const bool wanted = entry.isFile() && !entry.isSymLink() && !isSensitivePath(relative) &&
                            (m_name.pattern().isEmpty() || m_name.match(entry.fileName()).hasMatch());
        return wanted ? searchFile(relative) : true;
    }

    // Named by the model itself: somebody was asked if it holds secrets.
    bool searchFile(const QString &relative)
    {
        const auto text = m_files.read(relative);
        if (!text)
            return true; // no text, or too large
        int number = 0;
        for (const QStringView line : QStringView(*text).split(u'\n')) {
            ++number;
            if (!line.contains(m_text, m_case))
                continue;
            m_lines += u"%1:%2: %3"_s.arg(relative).arg(number).arg(line.left(longestLine).trimmed());
            if (m_lines.size() >= tool_limits::matches)
                return false;
        }
        return true;
    }

    [[nodiscard]] ToolAnswer answer(bool all) const
    {
        QStringList lines = m_lines;
        if (lines.isEmpty())
            lines += u"(nothing found)"_s;
        if (!all)
            lines += u"(not everything was searched)"_s;
        return {.text = lines.join(u'\n').left(tool_limits::answer)};
    }

private:
    const WorkspaceFiles &m_files;
    QString m_text;
    Qt::CaseSensitivity m_case;
    const std::atomic_bool &m_stop;
    QRegularExpression m_name;
    QElapsedTimer m_time;
    QStringList m_lines;
};

ToolAnswer searchFiles(const WorkspaceFiles &files, const ToolPlan &plan, const std::atomic_bool &stop)
{
    if (plan.input.value("text"_L1).toString().isEmpty())
        return failed(u"\"text\" is empty."_s);
    Search search(files, plan, stop);
    const QFileInfo place(plan.path);
    if (!place.exists())
        return failed(u"There is no such file or folder."_s);
    if (!place.isDir())
        return search.answer(search.searchFile(plan.relative));
    constexpr int deepest = 64;
    return search.answer(
        walk(plan.path, plan.relative, deepest,
             [&](const QFileInfo &entry, const QString &relative) { return search.take(entry, relative); }));
}

// What was allowed is the change from what was there to what shall be there.
ToolAnswer writeFile(const WorkspaceFiles &files, const ToolPlan &plan)
{
    const auto now = files.read(plan.relative);
    const bool same = now ? plan.edit->existed && *now == plan.edit->before
                          : !plan.edit->existed && now.error().code == ErrorCode::NotFound;
    if (!same)
        return failed(u"The file has changed meanwhile. Read it again."_s);
    if (const Status written = files.write(plan.relative, plan.edit->after); !written)
        return failed(u"Cannot be written: "_s + written.error().detail);
    return {.text = u"Written (%1 lines)."_s.arg(plan.edit->after.count(u'\n'))};
}

} // namespace

ToolAnswer performFileTool(const QString &workspace, const ToolPlan &plan, const std::atomic_bool &stop)
{
    const WorkspaceFiles files(workspace);
    if (plan.tool == "read_file"_L1)
        return readFile(files, plan);
    if (plan.tool == "list_files"_L1)
        return listFiles(plan);
    if (plan.tool == "search"_L1)
        return searchFiles(files, plan, stop);
    if (plan.edit)
        return writeFile(files, plan);
    return failed(u"There is no such tool."_s);
}

} // namespace muster::model
