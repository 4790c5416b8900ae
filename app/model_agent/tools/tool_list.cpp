#include "app/model_agent/tools/tool_plan.h"

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

QJsonObject typed(const QString &type, const QString &description)
{
    return {{"type"_L1, type}, {"description"_L1, description}};
}

QJsonObject text(const QString &description) { return typed(u"string"_s, description); }

QJsonObject number(const QString &description) { return typed(u"integer"_s, description); }

ModelTool tool(const QString &name, const QString &description, const QJsonObject &properties,
               const QStringList &required)
{
    return {.name = name,
            .description = description,
            .schema = {{"type"_L1, "object"_L1},
                       {"properties"_L1, properties},
                       {"required"_L1, QJsonArray::fromStringList(required)}}};
}

} // namespace

const std::vector<ModelTool> &toolList()
{
    static const QString ofPath = u"Path of the file, relative to the workspace"_s;
    static const std::vector<ModelTool> tools{
        tool(u"read_file"_s, u"Reads a text file of the workspace."_s,
             {{"path"_L1, text(ofPath)},
              {"first_line"_L1, number(u"The first line to read; 1 if left out"_s)},
              {"max_lines"_L1, number(u"How many lines to read; 2000 if left out"_s)}},
             {u"path"_s}),
        tool(u"list_files"_s, u"Lists files and folders of the workspace; folders end with a slash."_s,
             {{"path"_L1, text(u"Folder, relative to the workspace; the workspace itself if left out"_s)},
              {"depth"_L1, number(u"How many levels of folders to go down; 3 if left out"_s)}},
             {}),
        tool(u"search"_s,
             u"Finds text in the files of the workspace. The text is taken literally, not as a pattern."_s,
             {{"text"_L1, text(u"What to look for"_s)},
              {"path"_L1, text(u"File or folder to look in; the workspace if left out"_s)},
              {"name"_L1, text(u"Only files with such a name, for example *.cpp"_s)},
              {"ignore_case"_L1, typed(u"boolean"_s, u"Small and capital letters are the same"_s)}},
             {u"text"_s}),
        tool(u"write_file"_s,
             u"Writes a whole text file; what was in it is replaced, and folders on the way are made."_s,
             {{"path"_L1, text(ofPath)}, {"content"_L1, text(u"All of the file's text"_s)}},
             {u"path"_s, u"content"_s}),
        tool(u"edit_file"_s, u"Replaces one piece of text in a file by another."_s,
             {{"path"_L1, text(ofPath)},
              {"old_text"_L1, text(u"The piece to replace, to the letter; it must occur exactly once"_s)},
              {"new_text"_L1, text(u"What to put in its place"_s)}},
             {u"path"_s, u"old_text"_s, u"new_text"_s}),
        tool(u"run_command"_s,
             u"Runs a command line with /bin/sh in the workspace and gives its output and exit code."_s,
             {{"command"_L1, text(u"The command line"_s)},
              {"timeout_seconds"_L1, number(u"After this time it is ended; 120 if left out"_s)}},
             {u"command"_s}),
    };
    return tools;
}

} // namespace muster::model
