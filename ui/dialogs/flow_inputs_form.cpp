#include "ui/dialogs/flow_inputs_form.h"

#include "ui/theme/metrics.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QJsonValue valueOf(const QWidget *control)
{
    if (const auto *box = qobject_cast<const QCheckBox *>(control))
        return box->isChecked();
    if (const auto *choice = qobject_cast<const QComboBox *>(control))
        return choice->currentText();
    const QString text = qobject_cast<const QLineEdit *>(control)->text();
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

} // namespace

FlowInputsForm::FlowInputsForm(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
}

void FlowInputsForm::setInputs(const std::vector<api::FlowInput> &inputs)
{
    delete m_fields;
    m_list.clear();
    m_fields = new QWidget(this);
    auto *form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(metrics::normal());
    form->setVerticalSpacing(metrics::normal());
    for (const api::FlowInput &input : inputs) {
        QWidget *control = controlFor(input);
        control->setAccessibleName(input.name);
        control->setAccessibleDescription(input.help);
        control->setToolTip(input.help);
        auto *label = new QLabel(input.required ? QString(input.name % u" *") : input.name, m_fields);
        label->setTextFormat(Qt::PlainText);
        form->addRow(label, control);
        if (!input.help.isEmpty()) {
            auto *help = new QLabel(input.help, m_fields);
            help->setTextFormat(Qt::PlainText);
            help->setProperty("role", u"muted"_s);
            help->setWordWrap(true);
            help->setAlignment(Qt::AlignLeft | Qt::AlignTop); // close to its field
            form->addRow(QString(), help);
        }
        m_list.push_back({input, control, label});
    }
    layout()->addWidget(m_fields);
    setVisible(!inputs.empty());
}

QWidget *FlowInputsForm::controlFor(const api::FlowInput &input)
{
    const QString fallback = input.defaultValue.toVariant().toString();
    if (input.type == "boolean"_L1) {
        auto *box = new QCheckBox(m_fields);
        box->setChecked(input.defaultValue.toBool());
        connect(box, &QCheckBox::toggled, this, &FlowInputsForm::edited);
        return box;
    }
    if (!input.choices.isEmpty()) {
        auto *choice = new QComboBox(m_fields);
        choice->addItems(input.choices);
        choice->setCurrentText(fallback);
        connect(choice, &QComboBox::currentTextChanged, this, &FlowInputsForm::edited);
        return choice;
    }
    auto *line = new QLineEdit(fallback, m_fields);
    line->setCursorPosition(0); // of a long text its beginning is seen
    if (input.type == "number"_L1)
        line->setInputMethodHints(Qt::ImhFormattedNumbersOnly);
    connect(line, &QLineEdit::textChanged, this, &FlowInputsForm::edited);
    return line;
}

void FlowInputsForm::setValues(const QJsonObject &values)
{
    for (const Field &field : m_list) {
        const QJsonValue value = values.value(field.input.name);
        if (value.isUndefined())
            continue;
        if (auto *box = qobject_cast<QCheckBox *>(field.control))
            box->setChecked(value.toVariant().toBool());
        else if (auto *choice = qobject_cast<QComboBox *>(field.control))
            choice->setCurrentText(value.toVariant().toString());
        else
            qobject_cast<QLineEdit *>(field.control)->setText(value.toVariant().toString());
    }
}

QJsonObject FlowInputsForm::values() const
{
    QJsonObject values;
    for (const Field &field : m_list) {
        const QJsonValue value = valueOf(field.control);
        if (!value.isNull() && value != field.input.defaultValue)
            values.insert(field.input.name, value);
    }
    return values;
}

QStringList FlowInputsForm::notNumbers() const
{
    QStringList names;
    for (const Field &field : m_list) {
        const QString text = valueOf(field.control).toString().trimmed();
        bool isNumber = false;
        QLocale::c().toDouble(text, &isNumber);
        if (field.input.type == "number"_L1 && !text.isEmpty() && !isNumber)
            names += field.input.name;
    }
    return names;
}

QList<QLabel *> FlowInputsForm::labels() const
{
    QList<QLabel *> labels;
    for (const Field &field : m_list)
        labels += field.label;
    return labels;
}

void FlowInputsForm::followInTabOrder(QWidget *before)
{
    for (const Field &field : m_list) {
        setTabOrder(before, field.control);
        before = field.control;
    }
}

QStringList FlowInputsForm::missing() const
{
    QStringList names;
    for (const Field &field : m_list) {
        if (field.input.required && valueOf(field.control).isNull())
            names += field.input.name;
    }
    return names;
}

} // namespace muster
