//! The fields of all supported events, collected in one pass over the JSON.

use crate::json::{Broken, Reader, Span};

/// Names and values, in the order of the event; a name with several values comes several times.
pub(super) type Pairs = Vec<(Span, Span)>;

/// The fields found in the JSON. Which of them count is decided afterwards.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) method: Option<Span>,
    pub(super) path: Option<Span>,
    /// VPC Lattice has its method beside the path.
    pub(super) bare_method: Option<Span>,
    pub(super) raw_path: Option<Span>,
    pub(super) raw_query: Option<Span>,
    pub(super) version: Option<Span>,
    pub(super) resource: bool,
    /// All other fields, with raw keys and values, by which an unsupported event is identified.
    pub(super) others: Pairs,
    pub(super) headers: Option<Pairs>,
    pub(super) multi_headers: Option<Pairs>,
    pub(super) query: Option<Pairs>,
    pub(super) multi_query: Option<Pairs>,
    pub(super) cookies: Vec<Span>,
    pub(super) body: Option<Span>,
    pub(super) base64: bool,
    pub(super) context: ContextFields,
    /// VPC Lattice, version 1, writes its names in snake case.
    pub(super) snake_path: Option<Span>,
}

/// The fields of `requestContext`.
#[derive(Debug, Default)]
pub(super) struct ContextFields {
    pub(super) present: bool,
    pub(super) elb: bool,
    pub(super) http: bool,
    pub(super) method: Option<Span>,
    pub(super) source_ip: Option<Span>,
    pub(super) domain: Option<Span>,
    pub(super) stage: Option<Span>,
    pub(super) lattice: bool,
    /// Who calls, as VPC Lattice says.
    pub(super) caller: Pairs,
    pub(super) web_socket: bool,
}

impl Fields {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Fields, Broken> {
        let mut fields = Fields::default();
        reader.object(|reader, key| fields.field(reader, key))?;
        reader.end()?;
        Ok(fields)
    }

    /// Returns the names of the known fields that were found.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let known = [
            ("body", self.body.is_some()),
            ("cookies", !self.cookies.is_empty()),
            ("headers", self.headers.is_some()),
            ("httpMethod", self.method.is_some()),
            ("method", self.bare_method.is_some()),
            ("multiValueHeaders", self.multi_headers.is_some()),
            ("multiValueQueryStringParameters", self.multi_query.is_some()),
            ("path", self.path.is_some()),
            ("queryStringParameters", self.query.is_some()),
            ("rawPath", self.raw_path.is_some()),
            ("rawQueryString", self.raw_query.is_some()),
            ("raw_path", self.snake_path.is_some()),
            ("requestContext", self.context.present),
            ("resource", self.resource),
            ("version", self.version.is_some()),
        ];
        known.into_iter().filter(|(_, present)| *present).map(|(name, _)| name)
    }

    fn field(&mut self, reader: &mut Reader<'_>, key: Span) -> Result<(), Broken> {
        match key.of(reader.bytes()) {
            b"requestContext" => {
                let context = &mut self.context;
                let present = reader.object(|reader, key| context.field(reader, key))?;
                self.context.present = present;
            }
            b"httpMethod" => self.method = reader.text()?,
            b"path" => self.path = reader.text()?,
            b"rawPath" => self.raw_path = reader.text()?,
            b"rawQueryString" => self.raw_query = reader.text()?,
            b"version" => self.version = reader.text()?,
            b"headers" => self.headers = pairs(reader)?,
            b"multiValueHeaders" => self.multi_headers = pairs(reader)?,
            b"queryStringParameters" => self.query = pairs(reader)?,
            b"multiValueQueryStringParameters" => self.multi_query = pairs(reader)?,
            b"cookies" => self.cookies = texts(reader)?,
            b"body" => self.body = reader.text()?,
            b"isBase64Encoded" => self.base64 = reader.truth()?,
            b"resource" => {
                self.resource = true;
                reader.skip()?;
            }
            name @ (b"raw_path" | b"method") => {
                let is_method = name == b"method";
                if reader.peek() != Some(b'"') {
                    self.others.push((key, reader.raw()?));
                } else if is_method {
                    self.bare_method = reader.text()?;
                } else {
                    self.snake_path = reader.text()?;
                }
            }
            b"query_string_parameters" => self.query = pairs(reader)?,
            b"is_base64_encoded" => self.base64 = reader.truth()?,
            _ => self.others.push((key, reader.raw()?)),
        }
        Ok(())
    }
}

impl ContextFields {
    fn field(&mut self, reader: &mut Reader<'_>, key: Span) -> Result<(), Broken> {
        match key.of(reader.bytes()) {
            b"elb" => self.elb = reader.object(|reader, _| reader.skip())?,
            b"http" => {
                let (method, source_ip) = (&mut self.method, &mut self.source_ip);
                self.http = reader.object(|reader, key| {
                    match key.of(reader.bytes()) {
                        b"method" => *method = reader.text()?,
                        b"sourceIp" => *source_ip = reader.text()?,
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
            }
            b"identity" => {
                let (source_ip, caller) = (&mut self.source_ip, &mut self.caller);
                reader.object(|reader, key| {
                    match key.of(reader.bytes()) {
                        b"sourceIp" => *source_ip = reader.text()?,
                        name if is_of_caller(name) => {
                            caller.extend(reader.text()?.map(|value| (key, value)));
                        }
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
            }
            b"domainName" => self.domain = reader.text()?,
            b"stage" => self.stage = reader.text()?,
            b"serviceNetworkArn" | b"serviceArn" | b"targetGroupArn" => {
                self.lattice = true;
                self.caller.extend(reader.text()?.map(|value| (key, value)));
            }
            b"connectionId" => {
                self.web_socket = true;
                reader.skip()?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    }
}

/// Tells whether VPC Lattice has a field of this name in `requestContext.identity`. API Gateway has others there.
fn is_of_caller(name: &[u8]) -> bool {
    matches!(name, b"sourceVpcArn" | b"type" | b"principal" | b"principalOrgID" | b"sessionName")
        || name.starts_with(b"x509")
}

/// Reads an object of texts or of arrays of texts. Other values are left out, `null` too: a load balancer sends none, and
/// one odd header must not cost the request. Returns `None` if it is not an object.
fn pairs(reader: &mut Reader<'_>) -> Result<Option<Pairs>, Broken> {
    let mut pairs = Pairs::new();
    let found = reader.object(|reader, key| {
        if pairs.capacity() == 0 {
            // A browser's headers and those that the load balancer adds: nearly always one allocation.
            pairs.reserve(24);
        }
        if reader.peek() == Some(b'[') {
            return reader.array(|reader| {
                pairs.extend(reader.text()?.map(|value| (key, value)));
                Ok(())
            });
        }
        pairs.extend(reader.text()?.map(|value| (key, value)));
        Ok(())
    })?;
    Ok(found.then_some(pairs))
}

/// Reads an array of texts; anything else counts as empty.
fn texts(reader: &mut Reader<'_>) -> Result<Vec<Span>, Broken> {
    let mut texts = Vec::new();
    if reader.peek() == Some(b'[') {
        reader.array(|reader| {
            texts.extend(reader.text()?);
            Ok(())
        })?;
    } else {
        reader.skip()?;
    }
    Ok(texts)
}
