//! What Lambda tells a process about its function.

use std::sync::OnceLock;

/// The function that this process belongs to, from the variables that Lambda sets.
///
/// ```
/// use carafe_lambda::Context;
///
/// let function = Context::default().function();
/// assert_eq!((&*function.name, function.memory), ("", None)); // outside Lambda
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// The name of the function; empty outside Lambda, as the other texts are.
    pub name: String,
    /// The version that runs, such as `$LATEST` or `7`.
    pub version: String,
    /// The memory in MB; `None` outside Lambda.
    pub memory: Option<u32>,
    /// The log group in CloudWatch Logs.
    pub log_group: String,
    /// The log stream of this process in the group.
    pub log_stream: String,
}

impl Function {
    /// Returns what the environment says, read when somebody asks for the first time.
    pub(crate) fn get() -> &'static Function {
        static FUNCTION: OnceLock<Function> = OnceLock::new();
        FUNCTION.get_or_init(|| Function::from(|name| std::env::var(name).ok()))
    }

    fn from(variable: impl Fn(&str) -> Option<String>) -> Function {
        let text = |name| variable(name).unwrap_or_default();
        Function {
            name: text("AWS_LAMBDA_FUNCTION_NAME"),
            version: text("AWS_LAMBDA_FUNCTION_VERSION"),
            memory: variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").and_then(|size| size.trim().parse().ok()),
            log_group: text("AWS_LAMBDA_LOG_GROUP_NAME"),
            log_stream: text("AWS_LAMBDA_LOG_STREAM_NAME"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Function;

    #[test]
    fn variables() {
        let function = Function::from(|name| Some(name.to_ascii_lowercase()));
        assert_eq!(
            (&*function.name, &*function.version),
            ("aws_lambda_function_name", "aws_lambda_function_version")
        );
        assert_eq!(
            (&*function.log_group, &*function.log_stream),
            ("aws_lambda_log_group_name", "aws_lambda_log_stream_name")
        );
        assert_eq!(function.memory, None, "no number");
        let function = Function::from(|name| name.ends_with("SIZE").then(|| "1769".to_owned()));
        assert_eq!(function, Function { memory: Some(1769), ..Function::default() });
    }
}
