//! Fills in templates. They are written for Liquid, so that `cargo lambda new --template` takes them as well; of that language they
//! have `{{ name }}`, and `{%- if part %}`, `{%- else %}` and `{%- endif %}` on lines of their own.

use super::templates::Part;

/// What templates may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) name: &'a str,
    /// The dependency on carafe, as TOML.
    pub(super) carafe: &'a str,
    pub(super) parts: &'a [Part],
}

impl Values<'_> {
    fn holds(&self, condition: &str) -> bool {
        match condition {
            // What the function finds in its environment.
            "environment" => self.parts.contains(&Part::Admin) || self.parts.contains(&Part::DynamoDb),
            name => Part::named(name).is_some_and(|part| self.parts.contains(&part)),
        }
    }
}

/// Fills in one template.
pub(super) fn render(template: &str, values: &Values<'_>) -> String {
    let mut out = String::with_capacity(template.len());
    // Whether what stands between the tags around the current line is wanted, from the outermost inwards.
    let mut wanted: Vec<bool> = Vec::new();
    for line in template.split_inclusive('\n') {
        let tag = line.trim().strip_prefix("{%- ").and_then(|rest| rest.strip_suffix(" %}"));
        match tag.map(|tag| tag.split_once(' ').unwrap_or((tag, ""))) {
            Some(("if", condition)) => wanted.push(values.holds(condition)),
            Some(("else", _)) => {
                if let Some(last) = wanted.last_mut() {
                    *last = !*last;
                }
            }
            Some(("endif", _)) => drop(wanted.pop()),
            _ if wanted.iter().all(|&wanted| wanted) => out.push_str(line),
            _ => {}
        }
    }
    out.replace("{{ project_name }}", values.name).replace("{{ carafe }}", values.carafe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_and_go_with_their_parts() {
        let template = "a {{ project_name }}\n{%- if admin %}\nb\n  {%- if dynamodb %}\nc\n{%- else %}\nd\n{%- endif %}\n{%- endif %}\n{%- if environment %}\ne\n{%- endif %}\n{{ carafe }} {{ other }}\n";
        for (parts, expected) in [
            (&[][..], "a x\n\"0.1\" {{ other }}\n"),
            (&[Part::Admin], "a x\nb\nd\ne\n\"0.1\" {{ other }}\n"),
            (&[Part::DynamoDb], "a x\ne\n\"0.1\" {{ other }}\n"),
            (&[Part::Admin, Part::DynamoDb], "a x\nb\nc\ne\n\"0.1\" {{ other }}\n"),
        ] {
            let values = Values { name: "x", carafe: "\"0.1\"", parts };
            assert_eq!(render(template, &values), expected, "{parts:?}");
        }
    }
}
